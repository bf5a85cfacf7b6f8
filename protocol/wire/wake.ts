import { z } from 'zod'

export const macSchema = z
  .string()
  .regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/, 'six pairs of lower-case hexadecimal digits with colons')

/** What a neighbour is asked to wake: network cards of one device, in one network (`192.0.2.0/24`) that both are in. */
export const wakeOrderSchema = z.object({ network: z.cidrv4(), macs: z.array(macSchema).min(1).max(4) })
export type WakeOrder = z.infer<typeof wakeOrderSchema>

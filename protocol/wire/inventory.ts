import { z } from 'zod'
import { displayLine } from '../text.ts'
import { macSchema } from './wake.ts'

const bytes = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
const words = displayLine(120).nullable()

/** Address and length of the network's prefix: `192.0.2.7/24`. */
const interfaceAddressSchema = z.union([z.cidrv4(), z.cidrv6()])

/** What a device is made of, as its agent finds it. It is shown and searched; nothing is decided by it. Null is what the agent couldn't find out. */
export const deviceInventorySchema = z.object({
  manufacturer: words,
  model: words,
  serial: words,
  cpu: z.object({ name: words, cores: z.number().int().min(1).max(4096) }),
  memoryBytes: bytes,
  disks: z.array(z.object({ name: displayLine(80), sizeBytes: bytes, freeBytes: bytes.nullable() })).max(16),
  /** Whether what the system starts from is encrypted. */
  diskEncryption: z.enum(['on', 'off', 'unknown']),
  interfaces: z
    .array(
      z.object({
        name: displayLine(40),
        mac: macSchema.nullable(),
        addresses: z.array(interfaceAddressSchema).max(6),
      }),
    )
    .max(12),
  signedInUser: displayLine(80).nullable(),
  displays: z
    .array(z.object({ name: displayLine(40), width: z.number().int().min(1), height: z.number().int().min(1) }))
    .max(16),
  battery: z.object({ percent: z.number().int().min(0).max(100), charging: z.boolean() }).nullable(),
  bootedAtMs: z.number().int().nonnegative().nullable(),
  /** Windows' own, or that of a Wine prefix which the agent's configuration names. */
  hasRegistry: z.boolean().optional(),
})
export type DeviceInventory = z.infer<typeof deviceInventorySchema>

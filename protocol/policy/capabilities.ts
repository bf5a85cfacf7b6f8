import { z } from 'zod'

/** What an operator may do on a device, once the person there has agreed where that is asked. `clipboard-in` and `files-in` go to the device. */
export const SESSION_CAPABILITIES = [
  'view',
  'control',
  'clipboard-in',
  'clipboard-out',
  'files-in',
  'files-out',
  'chat',
  'record',
  'annotate',
  'shell',
  'shell-user',
  'registry',
  'processes',
  'processes-user',
  'services',
  'restart',
  'unattended',
  'skip-consent',
] as const

/** What an operator may do to the organisation itself. Held in a group, they hold in everything beneath it. */
export const ADMINISTRATION_CAPABILITIES = ['manage-devices', 'manage-policy', 'read-audit'] as const

export const CAPABILITIES = [...SESSION_CAPABILITIES, ...ADMINISTRATION_CAPABILITIES] as const
export const capabilitySchema = z.enum(CAPABILITIES)
export type Capability = z.infer<typeof capabilitySchema>
export type AdministrationCapability = (typeof ADMINISTRATION_CAPABILITIES)[number]

/** A set without repeats, in the order of the list above, so that equal sets are written alike. */
export const capabilitiesSchema = z
  .array(capabilitySchema)
  .max(CAPABILITIES.length)
  .refine(list => new Set(list).size === list.length, 'a capability stands twice')
  .transform(list => CAPABILITIES.filter(capability => list.includes(capability)))

const ADMINISTRATION = new Set<Capability>(ADMINISTRATION_CAPABILITIES)
export const isAdministration = (capability: Capability): capability is AdministrationCapability =>
  ADMINISTRATION.has(capability)

import { z } from 'zod'
import { groupIdSchema, roleIdSchema } from '#protocol/ids.ts'
import { capabilitiesSchema } from '#protocol/policy/capabilities.ts'
import { policyNameSchema } from '#protocol/policy/http.ts'
import { settingsSchema } from '#protocol/policy/settings.ts'

const path = z
  .string()
  .max(1_000)
  .regex(/^\/$|^(\/[^/]+)+$/, 'write a path as / or /Branches/Finance')
const everybody = z.literal('everybody')

/**
 * The policy of one organisation as one document. `id` ties an entry to what is there, so that a changed name or path renames and moves; without it an
 * entry is found by its name or path, or made. What isn't in the document is deleted.
 */
export const policyFileSchema = z.strictObject({
  version: z.literal(1),
  roles: z.array(
    z.strictObject({ name: policyNameSchema, id: roleIdSchema.optional(), capabilities: capabilitiesSchema }),
  ),
  groups: z
    .array(
      z.strictObject({
        path,
        id: groupIdSchema.optional(),
        settings: settingsSchema.partial().default({}),
        allow: z.array(z.strictObject({ who: z.email(), role: policyNameSchema })).default([]),
        deny: z.array(z.strictObject({ who: z.union([everybody, z.email()]), role: policyNameSchema })).default([]),
      }),
    )
    .min(1),
})
export type PolicyFile = z.infer<typeof policyFileSchema>
export type FileGroup = PolicyFile['groups'][number]

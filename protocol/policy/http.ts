import { z } from 'zod'
import { assignmentIdSchema, deviceIdSchema, groupIdSchema, roleIdSchema, userIdSchema } from '../ids.ts'
import { POLICY_FILE_MAX_BYTES } from '../limits.ts'
import { pageQuery, pageReply } from '../page-http.ts'
import { displayLine } from '../text.ts'
import { capabilitiesSchema, capabilitySchema } from './capabilities.ts'
import { SETTING_KEYS, settingsSchema } from './settings.ts'

/** Request and response bodies of groups, roles and policy, by route. */
const name = displayLine(60)
  .refine(line => line.length > 0, 'must not be blank')
  .refine(line => !line.includes('/'), 'a slash parts the groups of a path')
export const policyNameSchema = name
const idReply = z.object({ id: z.string() })

/** GET /v1/groups, by path: those that the person may know of. `path` is `/` for the topmost, `/Branches/Finance` two below it. */
const groupViewSchema = z.object({
  id: groupIdSchema,
  parentId: groupIdSchema.nullable(),
  name: z.string(),
  path: z.string(),
})
export type GroupView = z.infer<typeof groupViewSchema>
export const groupsQuerySchema = z.strictObject({ ...pageQuery, parentId: groupIdSchema.optional() })
export const groupsReplySchema = z.object({ groups: z.array(groupViewSchema), ...pageReply })

/** POST /v1/groups */
export const groupBodySchema = z.strictObject({ parentId: groupIdSchema, name })
export const groupReplySchema = idReply

/** PATCH /v1/groups/:groupId: renames, moves, or both */
export const groupChangeBodySchema = z
  .strictObject({ parentId: groupIdSchema, name })
  .partial()
  .refine(change => Object.keys(change).length > 0, 'says nothing to change')

/** GET /v1/groups/:groupId/settings: what holds there, and which group says so (null: the default). */
export const groupSettingsReplySchema = z.object({
  settings: z.array(
    z.object({
      key: z.enum(SETTING_KEYS),
      value: z.unknown(),
      fromGroupId: groupIdSchema.nullable(),
      isOwn: z.boolean(),
    }),
  ),
})
export type GroupSettingsReply = z.infer<typeof groupSettingsReplySchema>

/** PATCH /v1/groups/:groupId/settings: `set` gives values, `inherit` takes settings back to what the group above says. */
export const groupSettingsBodySchema = z.strictObject({
  set: settingsSchema.partial().default({}),
  inherit: z.array(z.enum(SETTING_KEYS)).max(SETTING_KEYS.length).default([]),
})

/** GET /v1/roles, by name */
const roleViewSchema = z.object({
  id: roleIdSchema,
  name: z.string(),
  capabilities: z.array(capabilitySchema),
  builtIn: z.boolean(),
})
export type RoleView = z.infer<typeof roleViewSchema>
export const rolesReplySchema = z.object({ roles: z.array(roleViewSchema), ...pageReply })

/** POST /v1/roles, PUT /v1/roles/:roleId */
export const roleBodySchema = z.strictObject({ name, capabilities: capabilitiesSchema })
export const roleReplySchema = idReply

/** GET /v1/assignments, by id */
const assignment = {
  userId: userIdSchema.nullable(),
  roleId: roleIdSchema,
  groupId: groupIdSchema,
  effect: z.enum(['allow', 'deny']),
}
const assignmentViewSchema = z.object({ id: assignmentIdSchema, ...assignment })
export type AssignmentView = z.infer<typeof assignmentViewSchema>
export const assignmentsQuerySchema = z.strictObject({
  ...pageQuery,
  userId: userIdSchema.optional(),
  groupId: groupIdSchema.optional(),
  roleId: roleIdSchema.optional(),
})
export const assignmentsReplySchema = z.object({ assignments: z.array(assignmentViewSchema), ...pageReply })

/** POST /v1/assignments. `userId` null, with `deny`, is everybody. */
export const assignmentBodySchema = z.strictObject(assignment)
export const assignmentReplySchema = idReply

/** PUT /v1/devices/:deviceId/group */
export const deviceGroupBodySchema = z.strictObject({ groupId: groupIdSchema })

/** GET /v1/policy/explain?operatorId=&deviceId= */
export const explainQuerySchema = z.strictObject({ operatorId: userIdSchema, deviceId: deviceIdSchema })
const explainedSchema = z.object({
  capability: capabilitySchema,
  allowed: z.boolean(),
  /** The line that decided, in words. */
  line: z.string(),
  /** The assignment that decided, where one did. */
  assignmentId: assignmentIdSchema.nullable(),
})
export const explainReplySchema = z.object({
  operatorId: userIdSchema,
  deviceId: deviceIdSchema,
  groupPath: z.string(),
  capabilities: z.array(explainedSchema),
  settings: z.array(z.object({ key: z.enum(SETTING_KEYS), value: z.unknown(), from: z.string().nullable() })),
})
export type Explanation = z.infer<typeof explainReplySchema>

/** POST /v1/policy/file: the whole policy as one YAML document (GET /v1/policy/file gives it). A dry run says the differences and changes nothing. */
export const policyFileBodySchema = z.strictObject({
  yaml: z.string().min(1).max(POLICY_FILE_MAX_BYTES),
  dryRun: z.boolean(),
})
/** One line each: + made, ~ changed, - deleted. */
export const policyFileReplySchema = z.object({ differences: z.array(z.string()) })

import { z } from 'zod'
import { assignmentIdSchema, groupIdSchema, roleIdSchema } from '#protocol/ids.ts'
import { POLICY_FILE_MAX_BYTES } from '#protocol/limits.ts'
import {
  assignmentBodySchema,
  assignmentReplySchema,
  assignmentsReplySchema,
  explainQuerySchema,
  explainReplySchema,
  groupBodySchema,
  groupChangeBodySchema,
  groupReplySchema,
  groupSettingsBodySchema,
  groupSettingsReplySchema,
  groupsReplySchema,
  policyFileBodySchema,
  policyFileReplySchema,
  roleBodySchema,
  roleReplySchema,
  rolesReplySchema,
} from '#protocol/policy/http.ts'
import { wholeList } from './whole-list.ts'

const group = z.strictObject({ groupId: groupIdSchema })

/** Groups with their settings, roles, who has which of them where, and why something is allowed. */
export const policyCalls = {
  groups: { args: z.void(), result: wholeList('groups', groupsReplySchema.shape.groups.element) },
  createGroup: { args: groupBodySchema, result: groupReplySchema },
  changeGroup: { args: group.extend({ change: groupChangeBodySchema }), result: z.void() },
  deleteGroup: { args: group, result: z.void() },
  groupSettings: { args: group, result: groupSettingsReplySchema },
  changeGroupSettings: { args: group.extend({ change: groupSettingsBodySchema }), result: z.void() },
  roles: { args: z.void(), result: wholeList('roles', rolesReplySchema.shape.roles.element) },
  createRole: { args: roleBodySchema, result: roleReplySchema },
  changeRole: { args: z.strictObject({ roleId: roleIdSchema, role: roleBodySchema }), result: z.void() },
  deleteRole: { args: z.strictObject({ roleId: roleIdSchema }), result: z.void() },
  assignments: { args: z.void(), result: wholeList('assignments', assignmentsReplySchema.shape.assignments.element) },
  assign: { args: assignmentBodySchema, result: assignmentReplySchema },
  unassign: { args: z.strictObject({ assignmentId: assignmentIdSchema }), result: z.void() },
  policyFile: { args: z.void(), result: z.string().max(POLICY_FILE_MAX_BYTES) },
  applyPolicyFile: { args: policyFileBodySchema, result: policyFileReplySchema },
  explain: { args: explainQuerySchema, result: explainReplySchema },
} as const

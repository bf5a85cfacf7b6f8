import { z } from 'zod'
import { roleIdSchema, scriptIdSchema } from '../ids.ts'
import { pageReply } from '../page-http.ts'
import { displayLine } from '../text.ts'
import { scriptDefinitionSchema, scriptDigestSchema } from './script.ts'

/** POST /v1/scripts: another administrator has to approve it. */
export const scriptBodySchema = z.strictObject({
  name: displayLine(60),
  description: displayLine(200),
  definition: scriptDefinitionSchema,
  /** Who runs it needs this role where it runs, beside the right to its tool; null where the right is enough. */
  roleId: roleIdSchema.nullable().default(null),
})

const scriptViewSchema = z.object({
  id: scriptIdSchema,
  name: z.string(),
  description: z.string(),
  definition: scriptDefinitionSchema,
  digest: scriptDigestSchema,
  roleId: roleIdSchema.nullable(),
  /** Null where it takes no role, or one that was deleted: then nobody runs it. */
  roleName: z.string().nullable(),
  author: z.string(),
  createdAtMs: z.number().int(),
  /** Null until somebody else than its author has read it and agreed. */
  approvedBy: z.string().nullable(),
})
export type ScriptView = z.infer<typeof scriptViewSchema>

/** GET /v1/scripts: an operator sees those that are approved. POST /v1/scripts/:scriptId/approve and DELETE /v1/scripts/:scriptId have no body. */
export const scriptsReplySchema = z.object({ scripts: z.array(scriptViewSchema).max(200), ...pageReply })
export const scriptReplySchema = z.object({ script: scriptViewSchema })

import { z } from 'zod'
import { POLICY_FILE_MAX_BYTES } from '#protocol/limits.ts'
import { policyFileBodySchema, policyFileReplySchema } from '#protocol/policy/http.ts'
import { rootGroupId } from '../../../domain/policy/built-in.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** GET /v1/policy/file. As YAML */
export const policyFile = ({ policies, policyFiles }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/policy/file',
    access: { authn: 'bearer', authz: 'manage-policy', limitPerMinute: 60, stepUp: false, apiKey: null },
    reply: z.string(),
    textType: 'application/yaml; charset=utf-8',
    handle: async ({ login: { principal } }) => {
      // The file is the whole organisation's: having the right in one group isn't enough.
      await policies.require(principal, 'manage-policy', rootGroupId(principal.organisation.id))
      return policyFiles.export(principal.organisation.id)
    },
  })

/** POST /v1/policy/file. All of it or nothing */
export const applyPolicyFile = ({ policyFiles }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/policy/file',
    access: { authn: 'bearer', authz: 'manage-policy', limitPerMinute: 30, stepUp: true, apiKey: null },
    bodyMaxBytes: POLICY_FILE_MAX_BYTES,
    body: policyFileBodySchema,
    reply: policyFileReplySchema,
    handle: async ({ body: { yaml, dryRun }, login: { principal } }) => ({
      differences: await policyFiles.apply({ kind: 'person', principal }, yaml, { dryRun }),
    }),
  })

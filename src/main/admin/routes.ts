import type { z } from 'zod'
import type { AdminCalls } from '#ipc/admin/calls.ts'
import type { ScriptRunCalls } from '#ipc/admin/scripts.ts'
import type { TrustCalls } from '#ipc/admin/trust.ts'
import type { RelayRequest } from '../relay-client/http.ts'
import { queryText } from '../relay-client/query-text.ts'

export type RelayCallName = Exclude<
  keyof AdminCalls,
  'saveText' | 'saveReport' | keyof TrustCalls | keyof ScriptRunCalls
>
type Args<K extends RelayCallName> = z.infer<AdminCalls[K]['args']>

/** Where a call of the window goes at the relay. Ids have passed their schemas, so that they are what they look like in a path. */
export interface AdminRoute<Input> {
  readonly method: RelayRequest<unknown>['method']
  readonly path: (args: Input) => string
  readonly body?: (args: Input) => unknown
  /** The rows' member in a reply of pages, all of which are wanted. */
  readonly list?: string
}

type AdminRoutes = { readonly [K in RelayCallName]: AdminRoute<Args<K>> }

const get = (path: string): AdminRoute<unknown> => ({ method: 'GET', path: () => path })
const list = (path: string, rows: string): AdminRoute<unknown> => ({ ...get(path), list: rows })
const remove = <Input>(path: (args: Input) => string): AdminRoute<Input> => ({ method: 'DELETE', path })
const whole = <Input>(args: Input): unknown => args
/** Everything but the ids that stand in the path. */
const without =
  <Input extends object>(...ids: (keyof Input)[]) =>
  (args: Input): unknown =>
    Object.fromEntries(Object.entries(args).filter(([key]) => !ids.includes(key as keyof Input)))

export const ADMIN_ROUTES: AdminRoutes = {
  administration: get('/v1/me/administration'),
  security: get('/v1/me/security'),
  stepUp: { method: 'POST', path: () => '/v1/me/step-up', body: whole },

  people: list('/v1/operators', 'operators'),
  peoplePage: { method: 'GET', path: query => `/v1/operators${queryText({ ...query, limit: 100 })}` },
  changePerson: { method: 'PATCH', path: ({ userId }) => `/v1/operators/${userId}`, body: without('userId') },
  disablePerson: { method: 'POST', path: ({ userId }) => `/v1/operators/${userId}/disable` },
  enablePerson: { method: 'POST', path: ({ userId }) => `/v1/operators/${userId}/enable` },
  removePerson: remove(({ userId }) => `/v1/operators/${userId}`),
  signOutPerson: { method: 'POST', path: ({ userId }) => `/v1/operators/${userId}/sign-out` },
  resetPassword: { method: 'POST', path: ({ userId }) => `/v1/operators/${userId}/password-reset` },
  disableTwoFactor: remove(({ userId }) => `/v1/operators/${userId}/two-factor`),
  invitations: list('/v1/invitations', 'invitations'),
  invite: { method: 'POST', path: () => '/v1/invitations', body: whole },
  revokeInvitation: remove(({ invitationId }) => `/v1/invitations/${invitationId}`),
  ownSignIns: list('/v1/operator-sessions', 'operatorSessions'),
  endOwnSignIn: remove(({ loginId }) => `/v1/operator-sessions/${loginId}`),
  apiKeys: list('/v1/api-keys', 'apiKeys'),
  createApiKey: { method: 'POST', path: () => '/v1/api-keys', body: whole },
  revokeApiKey: remove(({ apiKeyId }) => `/v1/api-keys/${apiKeyId}`),

  singleSignOn: get('/v1/sso'),
  setSingleSignOn: { method: 'PUT', path: () => '/v1/sso', body: whole },
  removeSingleSignOn: remove(() => '/v1/sso'),
  retention: get('/v1/retention'),
  setRetention: { method: 'PUT', path: () => '/v1/retention', body: whole },

  groups: list('/v1/groups', 'groups'),
  createGroup: { method: 'POST', path: () => '/v1/groups', body: whole },
  changeGroup: { method: 'PATCH', path: ({ groupId }) => `/v1/groups/${groupId}`, body: ({ change }) => change },
  deleteGroup: remove(({ groupId }) => `/v1/groups/${groupId}`),
  groupSettings: { method: 'GET', path: ({ groupId }) => `/v1/groups/${groupId}/settings` },
  changeGroupSettings: {
    method: 'PATCH',
    path: ({ groupId }) => `/v1/groups/${groupId}/settings`,
    body: ({ change }) => change,
  },
  roles: list('/v1/roles', 'roles'),
  createRole: { method: 'POST', path: () => '/v1/roles', body: whole },
  changeRole: { method: 'PUT', path: ({ roleId }) => `/v1/roles/${roleId}`, body: ({ role }) => role },
  deleteRole: remove(({ roleId }) => `/v1/roles/${roleId}`),
  assignments: list('/v1/assignments', 'assignments'),
  assign: { method: 'POST', path: () => '/v1/assignments', body: whole },
  unassign: remove(({ assignmentId }) => `/v1/assignments/${assignmentId}`),
  policyFile: get('/v1/policy/file'),
  applyPolicyFile: { method: 'POST', path: () => '/v1/policy/file', body: whole },
  explain: { method: 'GET', path: query => `/v1/policy/explain${queryText(query)}` },

  moveDevice: { method: 'PUT', path: ({ deviceId }) => `/v1/devices/${deviceId}/group`, body: without('deviceId') },
  setDeviceStatus: {
    method: 'PUT',
    path: ({ deviceId }) => `/v1/devices/${deviceId}/status`,
    body: without('deviceId'),
  },
  deleteDevice: remove(({ deviceId }) => `/v1/devices/${deviceId}`),
  deviceInventory: { method: 'GET', path: ({ deviceId }) => `/v1/devices/${deviceId}/inventory` },
  devicePresence: {
    method: 'GET',
    path: ({ deviceId, cursor }) => `/v1/devices/${deviceId}/presence${queryText({ cursor, limit: 30 })}`,
  },
  deviceNotes: {
    method: 'GET',
    path: ({ deviceId, cursor }) => `/v1/devices/${deviceId}/notes${queryText({ cursor, limit: 30 })}`,
  },
  addDeviceNote: {
    method: 'POST',
    path: ({ deviceId }) => `/v1/devices/${deviceId}/notes`,
    body: without('deviceId'),
  },
  removeDeviceNote: remove(({ deviceId, noteId }) => `/v1/devices/${deviceId}/notes/${noteId}`),
  setDeviceTags: { method: 'PUT', path: ({ deviceId }) => `/v1/devices/${deviceId}/tags`, body: without('deviceId') },
  deviceAccess: { method: 'GET', path: ({ deviceId }) => `/v1/devices/${deviceId}` },
  allowUnattended: { method: 'PUT', path: ({ deviceId }) => `/v1/devices/${deviceId}/unattended` },
  wakeDevice: { method: 'POST', path: ({ deviceId }) => `/v1/devices/${deviceId}/wake` },
  deviceFilters: get('/v1/device-filters'),
  saveDeviceFilter: { method: 'POST', path: () => '/v1/device-filters', body: whole },
  removeDeviceFilter: remove(({ filterId }) => `/v1/device-filters/${filterId}`),
  enrolmentTokens: list('/v1/enrolment-tokens', 'tokens'),
  createEnrolmentToken: { method: 'POST', path: () => '/v1/enrolment-tokens', body: whole },
  revokeEnrolmentToken: remove(({ enrolmentTokenId }) => `/v1/enrolment-tokens/${enrolmentTokenId}`),

  sessions: { method: 'GET', path: query => `/v1/sessions${queryText({ ...query, limit: 100 })}` },
  session: { method: 'GET', path: ({ sessionId }) => `/v1/sessions/${sessionId}` },
  endAnySession: { method: 'POST', path: ({ sessionId }) => `/v1/sessions/${sessionId}/end` },
  report: { method: 'GET', path: query => reportPath('/v1/reports/sessions', query) },
  audit: { method: 'GET', path: query => `/v1/audit${queryText(query)}` },

  webhooks: list('/v1/webhooks', 'webhooks'),
  createWebhook: { method: 'POST', path: () => '/v1/webhooks', body: whole },
  deleteWebhook: remove(({ webhookId }) => `/v1/webhooks/${webhookId}`),
  rotateWebhookSecret: { method: 'POST', path: ({ webhookId }) => `/v1/webhooks/${webhookId}/secret` },
  pingWebhook: { method: 'POST', path: ({ webhookId }) => `/v1/webhooks/${webhookId}/ping` },
  webhookDeliveries: {
    method: 'GET',
    path: ({ webhookId, ...query }) => `/v1/webhooks/${webhookId}/deliveries${queryText({ ...query, limit: 50 })}`,
  },
  replayDelivery: {
    method: 'POST',
    path: ({ webhookId, webhookDeliveryId }) => `/v1/webhooks/${webhookId}/deliveries/${webhookDeliveryId}/replay`,
  },
  failedDeliveries: { method: 'GET', path: query => `/v1/failed-deliveries${queryText({ ...query, limit: 100 })}` },
  replayFailed: { method: 'POST', path: () => '/v1/failed-deliveries/replay', body: whole },

  scriptLibrary: list('/v1/scripts', 'scripts'),
  createScript: { method: 'POST', path: () => '/v1/scripts', body: whole },
  approveScript: { method: 'POST', path: ({ scriptId }) => `/v1/scripts/${scriptId}/approve` },
  deleteScript: remove(({ scriptId }) => `/v1/scripts/${scriptId}`),
  scriptRuns: list('/v1/script-runs', 'runs'),
  scriptRun: { method: 'GET', path: ({ runId }) => `/v1/script-runs/${runId}` },
  answerScriptRun: {
    method: 'POST',
    path: ({ runId }) => `/v1/script-runs/${runId}/answer`,
    body: ({ approve }) => ({ approve }),
  },
  cancelScriptRun: { method: 'POST', path: ({ runId }) => `/v1/script-runs/${runId}/cancel` },
}

export const reportPath = (path: string, query: Args<'report'>): string => `${path}${queryText(query)}`

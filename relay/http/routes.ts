import type { Services } from '../services.ts'
import type { Route } from './described-route.ts'
import { healthz } from './healthz.ts'
import { identityRoutes } from './identity-routes.ts'
import { metrics } from './metrics-route.ts'
import { docRoutes } from './openapi/doc-routes.ts'
import { accountPageRoutes } from './pages/account-pages.ts'
import { answerApproval } from './v1/approvals/session-id.ts'
import { approvals } from './v1/approvals.ts'
import { deleteAssignment } from './v1/assignments/assignment-id.ts'
import { assignments, createAssignment } from './v1/assignments.ts'
import { audit } from './v1/audit.ts'
import { bootstrap } from './v1/bootstrap.ts'
import { removeDeviceFilter } from './v1/device-filters/filter-id.ts'
import { deviceFilters, saveDeviceFilter } from './v1/device-filters.ts'
import { deviceEligibility } from './v1/devices/device-id/eligibility.ts'
import { moveDevice } from './v1/devices/device-id/group.ts'
import { deviceInventory } from './v1/devices/device-id/inventory.ts'
import { removeDeviceNote } from './v1/devices/device-id/notes/note-id.ts'
import { addDeviceNote, deviceNotes } from './v1/devices/device-id/notes.ts'
import { devicePresence } from './v1/devices/device-id/presence.ts'
import { setDeviceStatus } from './v1/devices/device-id/status.ts'
import { setDeviceTags } from './v1/devices/device-id/tags.ts'
import { deviceTools } from './v1/devices/device-id/tools.ts'
import { allowUnattended } from './v1/devices/device-id/unattended.ts'
import { wakeDevice } from './v1/devices/device-id/wake.ts'
import { deleteDevice, device } from './v1/devices/device-id.ts'
import { devices } from './v1/devices.ts'
import { enrol } from './v1/enrol.ts'
import { revokeEnrolmentToken } from './v1/enrolment-tokens/enrolment-token-id.ts'
import { createEnrolmentToken, enrolmentTokens } from './v1/enrolment-tokens.ts'
import { failedDeliveries, replayFailedDeliveries } from './v1/failed-deliveries.ts'
import { changeGroupSettings, groupSettings } from './v1/groups/group-id/settings.ts'
import { changeGroup, deleteGroup } from './v1/groups/group-id.ts'
import { createGroup, groups } from './v1/groups.ts'
import { redeemHelpCode } from './v1/help/code.ts'
import { takeHelp } from './v1/help/help-id/take.ts'
import { helpQueue } from './v1/help.ts'
import { keepOperatorCertificate } from './v1/organisation-trust/certificates.ts'
import { publishOrganisationOrder } from './v1/organisation-trust/orders.ts'
import { forgetOrganisationTrust, organisationTrust } from './v1/organisation-trust.ts'
import { openPass } from './v1/passes/open.ts'
import { explainPolicy } from './v1/policy/explain.ts'
import { applyPolicyFile, policyFile } from './v1/policy/file.ts'
import { sessionReport, sessionReportCsv } from './v1/reports/sessions.ts'
import { retention, setRetention } from './v1/retention.ts'
import { changeRole, deleteRole } from './v1/roles/role-id.ts'
import { createRole, roles } from './v1/roles.ts'
import { answerScriptRun, cancelScriptRun, readScriptOutput, readScriptRun } from './v1/script-runs/script-run-id.ts'
import { createScriptRun, listScriptRuns } from './v1/script-runs.ts'
import { approveScript, removeScript } from './v1/scripts/script-id.ts'
import { createScript, listScripts } from './v1/scripts.ts'
import { endSession } from './v1/sessions/session-id/end.ts'
import { sessionGrants } from './v1/sessions/session-id/grants.ts'
import { sessionNote } from './v1/sessions/session-id/note.ts'
import { sessionPass } from './v1/sessions/session-id/pass.ts'
import { sessionReceipt } from './v1/sessions/session-id/receipt.ts'
import { revokePasses } from './v1/sessions/session-id/revoke-passes.ts'
import { sessionScopes } from './v1/sessions/session-id/scopes.ts'
import { beginWatch, endWatch } from './v1/sessions/session-id/watch.ts'
import { session } from './v1/sessions/session-id.ts'
import { sessionsCsv } from './v1/sessions/table.ts'
import { requestSession, sessions } from './v1/sessions.ts'
import { watches } from './v1/watches.ts'
import { replayWebhookDelivery, webhookDeliveries } from './v1/webhooks/webhook-id/deliveries.ts'
import { pingWebhook, removeWebhook, rotateWebhookSecret } from './v1/webhooks/webhook-id.ts'
import { createWebhook, webhooks } from './v1/webhooks.ts'

/** Every route of the relay; one that isn't here isn't served. */
export const routesOf = (services: Services): Route[] => [
  healthz(services),
  metrics(services),
  bootstrap(services),
  ...identityRoutes(services),
  devices(services),
  device(services),
  deviceInventory(services),
  devicePresence(services),
  deviceNotes(services),
  addDeviceNote(services),
  removeDeviceNote(services),
  setDeviceTags(services),
  deviceFilters(services),
  saveDeviceFilter(services),
  removeDeviceFilter(services),
  deviceEligibility(services),
  wakeDevice(services),
  deleteDevice(services),
  moveDevice(services),
  setDeviceStatus(services),
  allowUnattended(services),
  deviceTools(services),
  groups(services),
  createGroup(services),
  changeGroup(services),
  deleteGroup(services),
  groupSettings(services),
  changeGroupSettings(services),
  roles(services),
  createRole(services),
  changeRole(services),
  deleteRole(services),
  assignments(services),
  createAssignment(services),
  deleteAssignment(services),
  explainPolicy(services),
  policyFile(services),
  applyPolicyFile(services),
  enrolmentTokens(services),
  createEnrolmentToken(services),
  revokeEnrolmentToken(services),
  enrol(services),
  sessions(services),
  sessionsCsv(services),
  sessionNote(services),
  requestSession(services),
  session(services),
  endSession(services),
  sessionPass(services),
  revokePasses(services),
  openPass(services),
  approvals(services),
  answerApproval(services),
  helpQueue(services),
  redeemHelpCode(services),
  takeHelp(services),
  sessionScopes(services),
  sessionGrants(services),
  watches(services),
  beginWatch(services),
  endWatch(services),
  listScripts(services),
  createScript(services),
  approveScript(services),
  removeScript(services),
  listScriptRuns(services),
  createScriptRun(services),
  readScriptRun(services),
  answerScriptRun(services),
  cancelScriptRun(services),
  readScriptOutput(services),
  sessionReport(services),
  sessionReportCsv(services),
  sessionReceipt(services),
  audit(services),
  retention(services),
  setRetention(services),
  organisationTrust(services),
  forgetOrganisationTrust(services),
  publishOrganisationOrder(services),
  keepOperatorCertificate(services),
  webhooks(services),
  createWebhook(services),
  removeWebhook(services),
  rotateWebhookSecret(services),
  pingWebhook(services),
  webhookDeliveries(services),
  replayWebhookDelivery(services),
  failedDeliveries(services),
  replayFailedDeliveries(services),
  ...docRoutes(),
  ...accountPageRoutes(),
]

import type { DeniedAttempts } from './domain/denied-attempts.ts'
import type { Devices } from './domain/devices.ts'
import type { Arrivals } from './domain/enrolment/arrivals.ts'
import type { CutOffs } from './domain/enrolment/cut-offs.ts'
import type { DeviceStatuses } from './domain/enrolment/device-status.ts'
import type { Enrolment } from './domain/enrolment/enrolment.ts'
import type { EnrolmentTokens } from './domain/enrolment/tokens.ts'
import type { GroupSettings } from './domain/groups/group-settings.ts'
import type { Groups } from './domain/groups/groups.ts'
import type { HelpRequests } from './domain/help/help-requests.ts'
import type { Idempotency } from './domain/idempotency/idempotency.ts'
import type { Metrics } from './domain/metrics.ts'
import type { Retention } from './domain/operating/retention.ts'
import type { Explanations } from './domain/policy/explain.ts'
import type { PolicyFiles } from './domain/policy/file/policy-file.ts'
import type { Policies } from './domain/policy/policies.ts'
import type { Receipts } from './domain/receipts/receipts.ts'
import type { DeviceList } from './domain/records/device-list.ts'
import type { DeviceRecords } from './domain/records/device-records.ts'
import type { SessionReports } from './domain/reports/session-reports.ts'
import type { Assignments } from './domain/roles/assignments.ts'
import type { Roles } from './domain/roles/roles.ts'
import type { RunApprovals } from './domain/scripts/run-approvals.ts'
import type { RunDispatch } from './domain/scripts/run-dispatch.ts'
import type { RunReports } from './domain/scripts/run-reports.ts'
import type { ScriptRuns } from './domain/scripts/runs.ts'
import type { Scripts } from './domain/scripts/scripts.ts'
import type { DeviceSessions } from './domain/sessions/device-sessions.ts'
import type { Drops } from './domain/sessions/drops.ts'
import type { Eligibility } from './domain/sessions/eligibility.ts'
import type { FurtherScopes } from './domain/sessions/further-scopes.ts'
import type { InputTurns } from './domain/sessions/input-turns.ts'
import type { SessionJoins } from './domain/sessions/joins.ts'
import type { Leases } from './domain/sessions/leases.ts'
import type { NumberHalves } from './domain/sessions/number-halves.ts'
import type { Passes, TokenSigner } from './domain/sessions/passes.ts'
import type { SessionRequests } from './domain/sessions/requests.ts'
import type { SessionLog } from './domain/sessions/session-log.ts'
import type { SessionNotes } from './domain/sessions/session-notes.ts'
import type { SignalRoutes } from './domain/sessions/signal-routes.ts'
import type { Reader } from './domain/store.ts'
import type { ToolGrants } from './domain/tools/grants.ts'
import type { ToolReports } from './domain/tools/tool-reports.ts'
import type { Watches } from './domain/tools/watches.ts'
import type { OrganisationTrust } from './domain/trust/organisation-trust.ts'
import type { Approvals } from './domain/unattended/approvals.ts'
import type { DeviceAccess } from './domain/unattended/device-access.ts'
import type { Wake } from './domain/wake/wake.ts'
import type { Webhooks } from './domain/webhooks/webhooks.ts'
import type { IdentityServices } from './identity/setup-identity.ts'

/** What routes and sockets may call. They can read the store, and change it only through the domain. */
export interface Services extends IdentityServices {
  readonly version: string
  readonly trustedProxyHops: number
  readonly storage: { readonly isFull: boolean }
  readonly read: Reader
  readonly devices: Devices
  readonly deviceList: DeviceList
  readonly deviceRecords: DeviceRecords
  readonly policies: Policies
  readonly groups: Groups
  readonly groupSettings: GroupSettings
  readonly roles: Roles
  readonly assignments: Assignments
  readonly explanations: Explanations
  readonly idempotency: Idempotency
  readonly policyFiles: PolicyFiles
  readonly enrolment: Enrolment
  readonly enrolmentTokens: EnrolmentTokens
  readonly deviceStatuses: DeviceStatuses
  readonly arrivals: Arrivals
  readonly cutOffs: CutOffs
  readonly signer: TokenSigner
  readonly requests: SessionRequests
  readonly furtherScopes: FurtherScopes
  readonly eligibility: Eligibility
  readonly sessionLog: SessionLog
  readonly sessionNotes: SessionNotes
  readonly sessionReports: SessionReports
  readonly passes: Passes
  readonly joins: SessionJoins
  readonly leases: Leases
  readonly approvals: Approvals
  readonly deviceAccess: DeviceAccess
  readonly help: HelpRequests
  readonly toolGrants: ToolGrants
  readonly toolReports: ToolReports
  readonly watches: Watches
  readonly scripts: Scripts
  readonly scriptRuns: ScriptRuns
  readonly runApprovals: RunApprovals
  readonly runDispatch: RunDispatch
  readonly runReports: RunReports
  readonly deviceSessions: DeviceSessions
  readonly routes: SignalRoutes
  readonly drops: Drops
  readonly turns: InputTurns
  readonly numberHalves: NumberHalves
  readonly receipts: Receipts
  readonly denied: DeniedAttempts
  readonly webhooks: Webhooks
  readonly organisationTrust: OrganisationTrust
  readonly wake: Wake
  readonly retention: Retention
  readonly metrics: Metrics
  /** Who may read the metrics: with a token, or without one only who is on this machine. */
  readonly metricsAccess: { readonly hasToken: boolean; isToken(token: string): boolean }
}

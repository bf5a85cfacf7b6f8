import type { WireError } from '#protocol/errors.ts'
import type { SessionNote } from '#protocol/session/note.ts'
import type { SessionState } from '#protocol/session/state.ts'
import type { UnaskedCause } from '#protocol/session/unasked.ts'
import type { DeviceFactsWire, OrganisationView } from '#protocol/wire/views.ts'
import type { AuditReader, AuditWriter } from './audit/store.ts'
import type { AuditEntry, AuditFilter, AuditRow } from './audit.ts'
import type { DeviceRecord } from './device-record.ts'
import type { EnrolmentReader, EnrolmentWriter } from './enrolment/store.ts'
import type { HelpReader, HelpWriter } from './help/store.ts'
import type { IdempotencyReader, IdempotencyWriter } from './idempotency/store.ts'
import type { IdentityReader, IdentityWriter } from './identity/store.ts'
import type { OperatingReader, OperatingWriter } from './operating/store.ts'
import type { PolicyReader, PolicyWriter } from './policy/store.ts'
import type { Principal, Role } from './principal.ts'
import type { ReceiptReader, ReceiptWriter } from './receipts/store.ts'
import type { RecordsReader, RecordsWriter } from './records/store.ts'
import type { RunReader, RunWriter } from './scripts/run-store.ts'
import type { ScriptReader, ScriptWriter } from './scripts/store.ts'
import type { NewSession, SessionRecord } from './sessions/record.ts'
import type { SessionLogReader } from './sessions/store.ts'
import type { TrustReader, TrustWriter } from './trust/store.ts'
import type { UnattendedPlan } from './unattended/plan.ts'
import type { WebhookReader, WebhookWriter } from './webhooks/store.ts'

export type { NewSession, SessionRecord } from './sessions/record.ts'

export type { DeviceRecord }

export type NewDevice = Omit<DeviceRecord, 'lastSeenAtMs' | 'statusReason' | 'owner'>

/** A signed-in browserless client, found by the hash of its bearer token. */
export interface LoginRecord {
  readonly id: string
  readonly principal: Principal
  readonly tokenHash: string
  readonly createdAtMs: number
  /** When the person last proved who they are. */
  readonly authenticatedAtMs: number
  /** End of the idle time. */
  readonly expiresAtMs: number
}

export interface NewUser {
  readonly id: string
  readonly organisationId: string
  readonly name: string
  /** Lower case. */
  readonly email: string
  /** Null for somebody who signs in elsewhere. */
  readonly passwordHash: string | null
  readonly role: Role
  readonly atMs: number
  /** The address has its account in another organisation. */
  readonly isElsewhere?: boolean
}

/** What can be read. Nothing here changes a row. */
export interface Reader {
  readonly identity: IdentityReader
  readonly policy: PolicyReader
  readonly enrolment: EnrolmentReader
  readonly records: RecordsReader
  readonly sessionLog: SessionLogReader
  readonly idempotency: IdempotencyReader
  readonly webhooks: WebhookReader
  readonly scripts: ScriptReader
  readonly scriptRuns: RunReader
  readonly operating: OperatingReader
  readonly receipts: ReceiptReader
  readonly help: HelpReader
  readonly trust: TrustReader
  readonly chain: AuditReader
  /** Whether anybody ever had an account here. */
  hasUsers(): Promise<boolean>
  userByEmail(email: string): Promise<{ readonly id: string; readonly organisationId: string } | undefined>
  login(tokenHash: string): Promise<LoginRecord | undefined>
  /** Removed devices are in none of these answers. */
  device(id: string): Promise<DeviceRecord | undefined>
  deviceByKey(keyThumbprint: string): Promise<DeviceRecord | undefined>
  organisation(id: string): Promise<OrganisationView | undefined>
  session(id: string): Promise<SessionRecord | undefined>
  pass(jti: string): Promise<PassRecord | undefined>
  /** Sessions that aren't closed. */
  openSessions(): Promise<SessionRecord[]>
  /** Whether too many wrong passwords have shut the device's door. */
  isUnattendedOff(deviceId: string): Promise<boolean>
  openSessionsOfDevice(deviceId: string): Promise<SessionRecord[]>
  /** When the person at the device last refused this operator, newest first, as many as matter. */
  lastDenials(operatorId: string, deviceId: string): Promise<number[]>
  openSessionsOfOperator(userId: string): Promise<SessionRecord[]>
  openSessionsOfOrganisation(organisationId: string): Promise<SessionRecord[]>
  /** Those that stand on one of these sign-ins or API keys. */
  openSessionsOfCredentials(hashes: readonly string[]): Promise<SessionRecord[]>
  /** Newest first, rows before `before`. */
  auditRows(organisationId: string, before: number, limit: number, filter?: AuditFilter): Promise<AuditRow[]>
  /** Throws when the database doesn't answer. */
  check(): Promise<void>
}

/** An access pass as the relay remembers it: never the pass itself. */
export interface PassRecord {
  readonly jti: string
  readonly sessionId: string
  readonly expiresAtMs: number
  /** It let somebody in, or was revoked. */
  readonly isUsed: boolean
}

/** What one transaction may do. Every effect is written together with its `audit` entry. */
export interface Writer extends Reader {
  readonly identity: IdentityWriter
  readonly policy: PolicyWriter
  readonly enrolment: EnrolmentWriter
  readonly idempotency: IdempotencyWriter
  readonly webhooks: WebhookWriter
  readonly scripts: ScriptWriter
  readonly scriptRuns: RunWriter
  readonly operating: OperatingWriter
  readonly records: RecordsWriter
  readonly receipts: ReceiptWriter
  readonly help: HelpWriter
  readonly trust: TrustWriter
  readonly chain: AuditWriter
  audit(entry: AuditEntry): Promise<void>
  insertOrganisation(organisation: OrganisationView, atMs: number): Promise<void>
  insertUser(user: NewUser): Promise<void>
  extendLogin(tokenHash: string, expiresAtMs: number, seenAtMs: number): Promise<void>
  deleteLogin(tokenHash: string): Promise<void>
  deleteStale(nowMs: number, loginsCreatedBeforeMs: number): Promise<void>
  insertDevice(device: NewDevice): Promise<void>
  updateDeviceFacts(id: string, name: string, facts: DeviceFactsWire, seenAtMs: number): Promise<void>
  /** From here on the device's key opens nothing. */
  removeDevice(id: string, atMs: number): Promise<void>
  /** Makes it found by search; nothing happens where it is already. */
  indexSession(id: string): Promise<void>
  insertSession(session: NewSession): Promise<void>
  updateSession(id: string, state: SessionState, sinceMs: number, agentNonce: string | null): Promise<void>
  /** The session stands on this sign-in from here on. */
  countJoin(sessionId: string, credentialHash: string): Promise<void>
  setUnattended(sessionId: string, plan: UnattendedPlan): Promise<void>
  /** Null takes it away. */
  setSessionNote(sessionId: string, note: SessionNote | null): Promise<void>
  setUnasked(sessionId: string, cause: UnaskedCause): Promise<void>
  /** Why its device didn't take the request, in the device's words. */
  setRefusal(sessionId: string, refusal: WireError): Promise<void>
  /** False when it was shut already. */
  shutUnattended(deviceId: string, atMs: number): Promise<boolean>
  allowUnattended(deviceId: string): Promise<void>
  insertPass(pass: { jti: string; sessionId: string; expiresAtMs: number }): Promise<void>
  /** Marks a pass as used; false when it was used before or is not of this session. */
  spendPass(jti: string, sessionId: string): Promise<boolean>
  /** None that was issued for this session opens it any more. Answers how many of them could have. */
  revokePasses(sessionId: string, atMs: number): Promise<number>
}

export interface Store {
  /** What is committed. A question waits for no transaction. */
  readonly read: Reader
  /** Another number once anything was committed, by this program or by another: what was read at this moment is still so. */
  readonly moment: () => number
  /** Runs `work` in one transaction: all of it happens or, when it throws, nothing. Transactions follow one another. */
  write<T>(work: (tx: Writer) => Promise<T>): Promise<T>
}

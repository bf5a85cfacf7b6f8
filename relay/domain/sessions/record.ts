import type { WireError } from '#protocol/errors.ts'
import type { Ed25519PublicJwk } from '#protocol/keys.ts'
import type { SessionNote } from '#protocol/session/note.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionState } from '#protocol/session/state.ts'
import type { UnaskedCause } from '#protocol/session/unasked.ts'
import type { OperatorChain } from '#protocol/trust/strict/operator-chain.ts'
import type { OrganisationView, UserView } from '#protocol/wire/views.ts'
import type { UnattendedPlan } from '../unattended/plan.ts'

export interface SessionRecord {
  readonly id: string
  readonly organisation: OrganisationView
  readonly deviceId: string
  readonly deviceName: string
  readonly deviceKey: Ed25519PublicJwk
  readonly operator: UserView
  readonly reason: string
  readonly ticket: string | null
  readonly scopes: Scope[]
  readonly operatorKeyThumbprint: string
  readonly state: SessionState
  /** When the state was entered, by the relay's clock. */
  readonly stateSinceMs: number
  readonly agentNonce: string | null
  readonly requestedAtMs: number
  /** How many passes were spent to join; 0 means that nobody ever joined. */
  readonly joins: number
  /** How long the person at the device has to answer. */
  readonly consentTimeoutMs: number
  /** The longest that a consent may last. */
  readonly durationMaxMs: number
  /** Of the operator's half of the numbers; null where their program has none. */
  readonly matchCommitment: string | null
  /** Null for a session with a person at the device. */
  readonly unattended: UnattendedPlan | null
  /** Who vouches for the operator. */
  readonly operatorChain: OperatorChain | null
  /** Its operator wants the person told and not asked. */
  readonly skipsConsent: boolean
  /** Its operator's roles had no `chat` there when it was asked for. */
  readonly withoutChat: boolean
  /** Why nobody was asked, as the device says. */
  readonly unasked: UnaskedCause | null
  /** Its operator's. */
  readonly note: SessionNote | null
  /** Why the device didn't take the request. */
  readonly refusal: WireError | null
  /** The session of another operator that this one was joined to. */
  readonly beside: string | null
}

export interface NewSession {
  readonly operatorChain: OperatorChain | null
  readonly beside: string | null
  /** Of the sign-in or API key that asked for it: where that is taken back the session ends. */
  readonly credentialHash: string
  readonly id: string
  readonly organisationId: string
  readonly deviceId: string
  readonly operatorId: string
  readonly reason: string
  readonly ticket: string | null
  readonly scopes: readonly Scope[]
  readonly operatorKeyThumbprint: string
  readonly state: SessionState
  readonly requestedAtMs: number
  readonly consentTimeoutMs: number
  readonly durationMaxMs: number
  /** Of the operator's half of the numbers; null where their program has none. */
  readonly matchCommitment: string | null
  readonly unattended: UnattendedPlan | null
  readonly skipsConsent: boolean
  readonly withoutChat: boolean
}

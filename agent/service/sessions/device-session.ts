import type { EndReason } from '#protocol/session/reasons.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionState } from '#protocol/session/state.ts'
import type { JoinSecret } from '#protocol/unattended/wire.ts'
import type { AgentToRelay, SessionRequest } from '#protocol/wire/agent.ts'
import type { Paths } from '#protocol/wire/paths.ts'
import type { Signal } from '#protocol/wire/signal.ts'

/** A session at the device, with a person there or without: what the relay may do to it, and what it says of itself. */
export interface DeviceSession {
  readonly request: SessionRequest
  readonly state: SessionState
  /** The newest lease while it holds. */
  readonly lease: string | undefined
  /** Resolves when nothing of it is left, its window included. */
  readonly gone: Promise<void>
  /** Again for a relay that may have missed it. */
  readonly grantReport: AgentToRelay | undefined
  /** Rejects unless whoever joins is the operator whom this session is for, and may come in now. */
  join(join: { readonly pass: string; readonly proof: string; readonly secret?: JoinSecret | undefined }): Promise<void>
  signal(signal: Signal): void
  /** What the relay says of the ways to the operator; also before the join. */
  takePaths(paths: Paths): void
  /** The relay is back: it may have changed its mind meanwhile. */
  renewLease(): void
  takeLease(lease: string): Promise<void>
  /** A second person looks. Passed on unread: the helper believes nobody else of it. */
  watch(beat: { readonly statement: string; readonly proof: string }): void
  /** The two halves of number matching; only where a person is asked. */
  sayNumberHalf?(): void
  reveal?(secret: string): void | Promise<void>
  /** Asks the person for more; only where there is one. Throws unless they may be asked now. */
  askFurther?(scopes: readonly Scope[]): void
  /** The operator goes away and may come back; only where that can be. */
  leave?(): Promise<void>
  /** Idempotent: the first reason stays. */
  end(reason: EndReason): Promise<void>
  /** Ends it without a farewell. */
  dispose(reason: EndReason): Promise<void>
}

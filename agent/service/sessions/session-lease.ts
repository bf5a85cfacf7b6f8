import type { PassVerificationKey } from '#protocol/keys.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import { verifyLease } from '#protocol/trust/lease.ts'
import type { AgentToRelay, SessionRequest } from '#protocol/wire/agent.ts'
import type { Clock } from '../../links/clock.ts'
import type { Logger } from '../log.ts'
import type { HostProcess } from './host-process.ts'
import { LeaseKeeper } from './lease-keeper.ts'

export interface SessionLeaseOptions {
  readonly request: SessionRequest
  readonly deviceId: string
  /** Those that are good at the moment. */
  readonly passKeys: () => readonly PassVerificationKey[]
  readonly clock: Clock
  readonly newNonce: () => string
  readonly host: Pick<HostProcess, 'send'>
  readonly log: Logger
  readonly send: (message: AgentToRelay) => boolean
  /** There is a newer one, or the one there was holds no more. */
  readonly onChanged: () => void
  readonly onLapsed: (reason: EndReason) => void
}

/** The lease of one connection of a session: asked of the relay, checked with the pinned keys; its host takes no input while none holds. */
export function keepSessionLease(options: SessionLeaseOptions): LeaseKeeper {
  const { request, deviceId, passKeys, clock, newNonce, host, log, send, onChanged, onLapsed } = options
  const { sessionId, operator } = request
  return new LeaseKeeper({
    clock,
    newNonce,
    ask: nonce => send({ type: 'session.lease-request', sessionId, nonce }),
    verify: async (lease, nonce) => {
      await verifyLease(lease, { keys: passKeys(), deviceId, sessionId, operatorId: operator.id, nonce })
    },
    onRenewed: onChanged,
    onFrozen: frozen => {
      log.warn({ frozen }, 'the lease of the session')
      host.send({ type: 'set-frozen', frozen })
      onChanged()
    },
    onLapsed,
  })
}

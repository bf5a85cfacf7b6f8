import { isOver } from '#protocol/session/machine.ts'
import { RELAY_ACTOR } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Devices } from '../devices.ts'
import type { AgentGateway } from '../gateways.ts'
import type { Log } from '../log.ts'
import type { SessionLedger } from '../sessions/ledger.ts'
import type { Store } from '../store.ts'

/** Another program may quarantine devices in the database (`handhold-relay enrol-token revoke`); they must be cut off within 2 s. */
const LOOK_INTERVAL_MS = 1_000
/** Each look goes back this far, so that a transaction that took its time isn't overlooked. */
const LOOK_BACK_MS = 10_000

export interface CutOffsParts {
  readonly store: Store
  readonly clock: Clock
  readonly ledger: SessionLedger
  readonly agents: AgentGateway
  readonly devices: Devices
  readonly log: Log
}

/** Makes a quarantine true for what lives already: sessions end and the device's connection is closed. */
export class CutOffs {
  readonly #parts: CutOffsParts
  #handled = new Set<string>()
  #cancelTimer: (() => void) | null = null
  #isClosed = false

  constructor(parts: CutOffsParts) {
    this.#parts = parts
  }

  /** Looks at once and then again and again until it is closed. */
  async start(): Promise<void> {
    try {
      await this.#look()
    } catch (error) {
      this.#parts.log.error({ err: error }, 'Quarantined devices could not be cut off')
    }
    if (!this.#isClosed) this.#cancelTimer = this.#parts.clock.setTimer(() => void this.start(), LOOK_INTERVAL_MS)
  }

  /** When it resolves, these quarantined devices have neither a session nor a connection. Safe to repeat. */
  async apply(deviceIds: readonly string[]): Promise<void> {
    for (const deviceId of deviceIds) {
      await this.#endSessions(deviceId)
      this.#parts.agents.cutOff(deviceId, 'quarantined')
      this.#parts.devices.announce(deviceId)
    }
  }

  /** Safe to call twice. */
  close(): void {
    this.#isClosed = true
    this.#cancelTimer?.()
  }

  async #look(): Promise<void> {
    const { store, clock } = this.#parts
    const recent = await store.read.enrolment.quarantinedSince(clock.nowMs() - LOOK_BACK_MS)
    const before = this.#handled
    this.#handled = new Set(recent)
    await this.apply(recent.filter(id => !before.has(id) || this.#parts.agents.isOnline(id)))
  }

  async #endSessions(deviceId: string): Promise<void> {
    const { store, ledger, agents } = this.#parts
    for (const { id } of await store.read.openSessionsOfDevice(deviceId)) {
      await ledger.apply(id, ({ state }) => {
        if (state.name === 'closed') return null
        const end = isOver(state) ? [] : [{ type: 'end' as const, reason: 'policy-revoked' as const }]
        return { events: [...end, { type: 'torn-down' }], actor: RELAY_ACTOR }
      })
      agents.notify(deviceId, { type: 'session.end', sessionId: id, reason: 'policy-revoked' })
    }
  }
}

import { HandholdError } from '#protocol/errors.ts'
import { type RunGrantClaims, type ScriptRun, verifyRun } from '#protocol/scripts/run-grant.ts'
import type { RunOrder } from '#protocol/scripts/run-order.ts'
import { toDisplayLine } from '#protocol/text.ts'
import type { UserView } from '#protocol/wire/views.ts'
import { runMarkOf } from '../../links/session-mark.ts'
import type { AgentConfig } from '../config/config.ts'
import type { OrganisationTrust } from '../trust/organisation-trust.ts'
import { endSessionProcesses } from '../unattended/session-processes.ts'
import { DeviceRun, type DeviceRunParts } from './device-run.ts'
import type { RunRecords } from './run-records.ts'

export interface ScriptRunsParts extends Omit<DeviceRunParts, 'records'> {
  readonly records: RunRecords
  /** What this machine's own configuration says. */
  readonly rule: AgentConfig['scripts']
  /** Too many wrong passwords have shut this device for whoever comes without a person. */
  readonly isShut: () => boolean
  readonly trust: Pick<OrganisationTrust, 'admitRun'>
}

/** Scripts without a session: what the relay brings is checked here, written down, and run, one at a time. */
export class ScriptRuns {
  readonly #parts: ScriptRunsParts
  #current: DeviceRun | undefined
  #isClosed = false

  constructor(parts: ScriptRunsParts) {
    this.#parts = parts
  }

  /** Comes before everything else at a start: nothing of an earlier run goes on. */
  async resume(): Promise<void> {
    const { records, deviceId } = this.#parts
    for (const runId of records.unfinished) {
      endSessionProcesses(runMarkOf(runId, deviceId))
      await records.ended(runId, { how: 'agent-failed', exitCode: null })
    }
  }

  /** For `agent.hello`. */
  ids(): string[] {
    return this.#current ? [this.#current.order.runId] : []
  }

  /**
   * Resolves when the run is taken, which is durable then: it is good for no second time. Throws `grant-invalid`, what is wrong with the operator's
   * certificate, `policy-denied` by this machine's configuration, `unattended-off`, `device-busy`, or `tool-unavailable`.
   */
  async take(run: ScriptRun): Promise<void> {
    const { deviceId, passKeys, clock, records } = this.#parts
    const { claims, order } = await verifyRun(run, { keys: passKeys(), deviceId, nowMs: clock.wallMs() })
    // Asked again, because the acknowledgement got lost.
    if (this.#current?.order.runId === order.runId) return
    const certified = await this.#admit(run, claims, order)
    if (this.#isClosed) throw new HandholdError('device-offline', 'The agent is being stopped.')
    if (this.#current) throw new HandholdError('device-busy', 'The device runs another script.')
    const { script, label: operator } = claims
    await records.take({
      runId: order.runId,
      operator,
      script: script.name,
      digest: script.digest,
      usableUntilMs: order.expiresAtMs,
    })
    const operatorSaid = certified ?? { id: claims.sub, name: toDisplayLine(operator, 80), email: '' }
    const current = new DeviceRun({ run, claims, order, operator: operatorSaid }, this.#parts)
    this.#current = current
    void current.done.then(() => this.#forget(current))
  }

  /** Whoever ordered it doesn't want it any more, or may not. */
  stop(runId: string): void {
    if (this.#current?.order.runId === runId) this.#current.stop()
  }

  relayIsBack(): void {
    this.#current?.relayIsBack()
  }

  /** The organisation's key has spoken: what it no longer lets in ends. */
  async admitAgain(): Promise<void> {
    const current = this.#current
    if (current) await this.#admit(current.run, current.claims, current.order).catch(() => current.stop())
  }

  /** Ends what runs; more may come. */
  async endAll(): Promise<void> {
    this.#current?.stop()
    await this.#current?.gone()
  }

  /** Ends what runs and resolves when no process is left. Nothing begins after it. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.endAll()
  }

  /** Who ordered it, where the organisation's key says so. */
  async #admit({ certificate }: ScriptRun, { cnf }: RunGrantClaims, order: RunOrder): Promise<UserView | null> {
    const { rule, trust, isShut } = this.#parts
    if (rule === 'off') throw new HandholdError('policy-denied', 'This device’s own configuration lets no script run.')
    const certified = await trust.admitRun({ ...order, key: cnf.jkt }, certificate)
    if (!certified && rule !== 'policy')
      throw new HandholdError(
        'policy-denied',
        'This device’s own configuration lets scripts of certified operators run only, and its organisation isn’t strict.',
      )
    if (isShut())
      throw new HandholdError(
        'unattended-off',
        'Too many wrong passwords have shut unattended access to this device. An administrator has to allow it again.',
      )
    return certified
  }

  #forget(run: DeviceRun): void {
    if (this.#current === run) this.#current = undefined
  }
}

import { type ErrorCode, HandholdError, toWireError, type WireError } from '#protocol/errors.ts'
import { RUN_GRANT } from '#protocol/scripts/run-grant.ts'
import type { RunState } from '#protocol/scripts/runs-http.ts'
import { toDisplayLine } from '#protocol/text.ts'
import { GRANT_TTL_S } from '#protocol/tools/limits.ts'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import { requireActive } from '../enrolment/device-status.ts'
import type { AgentGateway } from '../gateways.ts'
import type { Log } from '../log.ts'
import type { Policies } from '../policy/policies.ts'
import type { TokenSigner } from '../sessions/passes.ts'
import type { Store } from '../store.ts'
import { permitRow } from './run-permits.ts'
import type { RunRows } from './run-rows.ts'
import type { RunDeviceRecord, RunRecord } from './run-store.ts'

/** A right that is taken away must be gone within 2 s, also from what runs. */
const LOOK_INTERVAL_MS = 1_000
/** What a device that is asked needs beyond the script's own time: its person's answer, and the way back of what was printed. */
const GRACE_MS = 5 * 60_000
/** The device hasn't taken it, so it stays in the queue. */
const NOT_TAKEN = new Set<ErrorCode>(['device-offline', 'link-closed', 'timeout', 'device-busy'])

export interface RunDispatchParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly signer: TokenSigner
  readonly agents: AgentGateway
  readonly policies: Policies
  readonly rows: RunRows
  readonly log: Log
  /** What waits for a second person has changed. */
  readonly onAwaited: (organisationId: string) => void
}

/** Brings ordered runs to their devices, one at a time to each, and ends what the policy doesn't permit any more, or nobody waits for. */
export class RunDispatch {
  readonly #parts: RunDispatchParts
  /** By device. */
  readonly #sending = new Map<string, Promise<void>>()
  #cancelTimer: (() => void) | null = null
  #looking: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(parts: RunDispatchParts) {
    this.#parts = parts
  }

  start(): void {
    this.#rest()
  }

  /** Looks now. Never rejects. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look())
    return this.#looking
  }

  /** The device is connected, and `runs` are those that it has: what it doesn't know it can't finish. */
  async deviceArrived(deviceId: string, runs: readonly string[]): Promise<void> {
    const { store, rows, agents } = this.#parts
    const open = await store.read.scriptRuns.open(deviceId)
    for (const { runId, state } of open) {
      const run = await store.read.scriptRuns.run(runId)
      if (!run) continue
      const isThere = runs.includes(runId)
      if (isThere && state === 'queued') await rows.move(run, deviceId, { to: 'sent' })
      // It can't have been begun: a device takes a run once, whatever became of it.
      if (!isThere && state === 'sent') await rows.move(run, deviceId, { to: 'queued' })
      if (!isThere && state === 'running') await rows.move(run, deviceId, { to: 'failed', why: LOST })
    }
    const known = new Set(open.map(({ runId }) => runId))
    for (const runId of runs) if (!known.has(runId)) agents.notify(deviceId, { type: 'script.stop', runId })
    await this.look()
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelTimer?.()
    await this.#looking
    await Promise.all(this.#sending.values())
  }

  #rest(): void {
    if (!this.#isClosed)
      this.#cancelTimer = this.#parts.clock.setTimer(() => void this.look().then(() => this.#rest()), LOOK_INTERVAL_MS)
  }

  async #look(): Promise<void> {
    const { store, log } = this.#parts
    try {
      const open = await store.read.scriptRuns.open()
      const taken = new Set(open.filter(({ state }) => isThere(state)).map(({ deviceId }) => deviceId))
      const known = new Map<string, RunRecord | undefined>()
      for (const row of open) {
        if (this.#isClosed) return
        if (!known.has(row.runId)) known.set(row.runId, await store.read.scriptRuns.run(row.runId))
        const run = known.get(row.runId)
        if (!run) continue
        if (isThere(row.state)) await this.#watch(run, row)
        else if ((await this.#isWaiting(run, row)) && (row.state === 'queued' || (await this.#isFreed(run, row)))) {
          // One at a time, in the order in which they were ordered.
          if (!taken.has(row.deviceId)) this.#send(run, row)
          taken.add(row.deviceId)
        }
      }
    } catch (error) {
      log.error({ err: error }, 'Runs of scripts could not be looked at')
    }
  }

  async #isWaiting(run: RunRecord, { deviceId, state }: RunDeviceRecord): Promise<boolean> {
    const { clock, rows, onAwaited } = this.#parts
    if (clock.nowMs() < run.expiresAtMs) return true
    await rows.move(run, deviceId, { to: 'expired' })
    if (state === 'awaiting') onAwaited(run.organisationId)
    return false
  }

  /** Whether what waits for a second person goes on without: the group may have come to want none. */
  async #isFreed(run: RunRecord, row: RunDeviceRecord): Promise<boolean> {
    const { rows, onAwaited } = this.#parts
    const permit = await this.#permit(run, row).catch(() => null)
    if (permit?.waits !== false || !(await rows.move(run, row.deviceId, { to: 'queued' }))) return false
    onAwaited(run.organisationId)
    return true
  }

  /** A run that a device has: it ends with the right to it, and when nothing is heard of it for too long. */
  async #watch(run: RunRecord, row: RunDeviceRecord): Promise<void> {
    const { clock, rows, agents } = this.#parts
    const { deviceId, startedAtMs, sentAtMs } = row
    const why = (await this.#refusal(run, row)) ?? null
    const sinceMs = startedAtMs ?? sentAtMs ?? run.startedAtMs
    const isLate = clock.nowMs() > sinceMs + run.timeLimitS * 1000 + GRACE_MS
    if (why === null && !isLate) return
    const move = why ? ({ to: 'cancelled', why } as const) : ({ to: 'failed', why: SILENT } as const)
    if (await rows.move(run, deviceId, move)) agents.notify(deviceId, { type: 'script.stop', runId: run.id })
  }

  #send(run: RunRecord, row: RunDeviceRecord): void {
    const { agents, log } = this.#parts
    const { deviceId } = row
    if (this.#sending.has(deviceId) || !agents.isOnline(deviceId)) return
    const sending = this.#trySend(run, row)
      .catch(error => log.error({ err: error, runId: run.id, deviceId }, 'A script could not be brought to a device'))
      .finally(() => this.#sending.delete(deviceId))
    this.#sending.set(deviceId, sending)
  }

  async #trySend(run: RunRecord, row: RunDeviceRecord): Promise<void> {
    const { rows } = this.#parts
    const { deviceId } = row
    try {
      await this.#bring(run, row)
    } catch (thrown) {
      const why = toWireError(thrown)
      if (NOT_TAKEN.has(why.code)) await rows.move(run, deviceId, { to: 'queued' })
      else await rows.move(run, deviceId, { to: 'refused', why: { ...why, message: toDisplayLine(why.message, 500) } })
    }
  }

  async #bring(run: RunRecord, row: RunDeviceRecord): Promise<void> {
    const { clock, chance, signer, rows, agents, onAwaited } = this.#parts
    const { deviceId, approvedBy } = row
    const { person, waits } = await this.#permit(run, row)
    if (waits) {
      if (await rows.move(run, deviceId, { to: 'awaiting' })) onAwaited(run.organisationId)
      return
    }
    const issuedAtS = Math.floor(clock.nowMs() / 1000)
    const grantId = `grt_${chance.randomText(16)}`
    const { operator, digest, scriptName: name, order, definition, certificate } = run
    const grant = await signer.sign(RUN_GRANT, {
      iss: RUN_GRANT.issuer,
      aud: deviceId,
      sub: operator.id,
      label: toDisplayLine(`${operator.name} <${operator.email}>`, 120),
      jti: grantId,
      iat: issuedAtS,
      nbf: issuedAtS,
      exp: issuedAtS + GRANT_TTL_S,
      org: run.organisationId,
      run: run.id,
      script: { digest, name },
      person,
      ...(approvedBy && { approvedBy: toDisplayLine(approvedBy.name, 120) }),
      cnf: { jkt: run.orderedBy },
    })
    const sent = { to: 'sent', change: { sentAtMs: clock.nowMs() }, detail: { grantId, person } } as const
    if (!(await rows.move(run, deviceId, sent))) return
    const message = { grant, order, definition, ...(certificate !== null && { certificate }) }
    await agents.request(deviceId, { type: 'script.run', run: message })
  }

  /** Throws what the policy, or the device's standing, has against it now. */
  async #permit(run: RunRecord, row: RunDeviceRecord): Promise<ReturnType<typeof permitRow>> {
    const { store, policies, clock } = this.#parts
    const device = await store.read.device(row.deviceId)
    if (!device) throw new HandholdError('not-found', 'The device was removed.')
    requireActive(device)
    return permitRow(await policies.of(run.organisationId), run, row, device.groupId, clock.nowMs())
  }

  #refusal(run: RunRecord, row: RunDeviceRecord): Promise<WireError | undefined> {
    return this.#permit(run, row).then(() => undefined, toWireError)
  }
}

/** The device has it. */
const isThere = (state: RunState): boolean => state === 'sent' || state === 'running'

const LOST: WireError = {
  code: 'link-closed',
  message: 'The device’s agent was restarted while the script ran. What the script did until then isn’t known.',
}
const SILENT: WireError = {
  code: 'timeout',
  message: 'Nothing was heard of the script for too long. What it did isn’t known.',
}

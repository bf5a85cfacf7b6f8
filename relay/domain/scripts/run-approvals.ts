import { HandholdError, type WireError } from '#protocol/errors.ts'
import type { RunApprovalView } from '#protocol/unattended/http.ts'
import { userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Policies } from '../policy/policies.ts'
import type { PolicySnapshot } from '../policy/snapshot.ts'
import type { Principal } from '../principal.ts'
import type { Reader, Store } from '../store.ts'
import { mayAnswer } from './run-permits.ts'
import type { RunDeviceRecord, RunRecord } from './run-store.ts'

export interface RunApprovalsParts {
  readonly store: Store
  readonly clock: Clock
  readonly policies: Policies
  /** Something was answered: runs may go on, and lists of what waits have changed. */
  readonly onAnswered: (organisationId: string) => void
}

/** A second person agrees to a run of a script, or doesn't, for the devices on which they could run it themselves: never who ordered it, and once for each device. */
export class RunApprovals {
  readonly #parts: RunApprovalsParts

  constructor(parts: RunApprovalsParts) {
    this.#parts = parts
  }

  /** What waits for this person, oldest first. */
  async waiting({ user, organisation }: Principal): Promise<RunApprovalView[]> {
    const { read } = this.#parts.store
    const policy = await this.#parts.policies.of(organisation.id)
    const byRun = Map.groupBy(await read.scriptRuns.awaiting(organisation.id), ({ runId }) => runId)
    const waiting: RunApprovalView[] = []
    for (const [runId, rows] of byRun) {
      const run = await read.scriptRuns.run(runId)
      const own = run ? await answerable(read, policy, user.id, run, rows) : []
      if (run && own.length > 0) waiting.push(viewOf(run, own.length))
    }
    return waiting
  }

  /** Whether this person may look at the run because they answer for some of it, or did; and whether something of it waits for them. */
  async part({ user, organisation }: Principal, run: RunRecord, rows: readonly RunDeviceRecord[]) {
    const policy = await this.#parts.policies.of(organisation.id)
    const awaiting = rows.filter(({ state }) => state === 'awaiting')
    const waits = (await answerable(this.#parts.store.read, policy, user.id, run, awaiting)).length > 0
    return { waits, maySee: waits || rows.some(({ approvedBy }) => approvedBy?.id === user.id) }
  }

  /** Throws `not-found` for what this person can't answer, their own run included, and `illegal-transition` for what was answered before. */
  async answer({ user, organisation }: Principal, runId: string, isApproved: boolean): Promise<void> {
    const { store, clock, policies, onAnswered } = this.#parts
    const known = await store.read.scriptRuns.run(runId)
    if (known?.organisationId !== organisation.id) throw missing()
    await store.write(async tx => {
      const policy = await policies.of(organisation.id, tx)
      const own = await answerable(tx, policy, user.id, known, await tx.scriptRuns.devices(runId))
      if (own.length === 0) throw missing()
      const waiting = own.filter(({ state }) => state === 'awaiting')
      if (waiting.length === 0)
        throw new HandholdError('illegal-transition', 'This was answered already, or it is too late.')
      const atMs = clock.nowMs()
      const approvedBy = { id: user.id, name: user.name }
      const why: WireError = { code: 'forbidden', message: `${user.name} did not agree to it.` }
      const change = isApproved
        ? ({ state: 'queued', approvedBy } as const)
        : ({ state: 'refused', why, endedAtMs: atMs } as const)
      for (const { deviceId } of waiting) await tx.scriptRuns.change(runId, deviceId, change)
      await tx.audit({
        organisationId: organisation.id,
        atMs,
        actor: userActor(user),
        action: isApproved ? 'script.run-approved' : 'script.run-declined',
        subject: runId,
        detail: {
          script: known.scriptName,
          digest: known.digest,
          operator: known.operator.email,
          devices: waiting.length,
        },
      })
    })
    onAnswered(organisation.id)
  }
}

/** Those of the rows whose devices are in groups where the person could run it themselves. */
async function answerable(
  read: Reader,
  policy: PolicySnapshot,
  userId: string,
  run: RunRecord,
  rows: readonly RunDeviceRecord[],
): Promise<RunDeviceRecord[]> {
  const own: RunDeviceRecord[] = []
  for (const row of rows) {
    const device = await read.device(row.deviceId)
    if (device && mayAnswer(policy, userId, run, device.groupId)) own.push(row)
  }
  return own
}

const viewOf = (run: RunRecord, devices: number): RunApprovalView => ({
  runId: run.id,
  scriptName: run.scriptName,
  operator: run.operator,
  reason: run.reason,
  devices,
  requestedAtMs: run.startedAtMs,
  untilMs: run.expiresAtMs,
})

const missing = () => new HandholdError('not-found', 'There is no such run of a script that you could answer.')

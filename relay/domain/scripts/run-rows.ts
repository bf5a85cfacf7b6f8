import type { WireError } from '#protocol/errors.ts'
import type { RunState } from '#protocol/scripts/runs-http.ts'
import { type Actor, RELAY_ACTOR } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Store, Writer } from '../store.ts'
import { canMove, isRunOver } from './run-states.ts'
import type { RunDeviceChange, RunDeviceRecord, RunRecord } from './run-store.ts'

export interface RunMove {
  readonly to: RunState
  readonly change?: RunDeviceChange
  readonly why?: WireError
  readonly actor?: Actor
  readonly detail?: Readonly<Record<string, unknown>>
}

/** What becomes of a run on one device: each change of its state together with its audit row. */
export class RunRows {
  readonly #store: Store
  readonly #clock: Clock

  constructor({ store, clock }: { readonly store: Store; readonly clock: Clock }) {
    this.#store = store
    this.#clock = clock
  }

  /** In a transaction of its own. False where the row can't become that any more: what came first stays. */
  move(run: RunRecord, deviceId: string, move: RunMove): Promise<boolean> {
    return this.#store.write(async tx => {
      const row = await tx.scriptRuns.device(run.id, deviceId)
      if (!row || !canMove(row.state, move.to)) return false
      await this.write(tx, run, row, move)
      return true
    })
  }

  /** In the caller's transaction; whether it may be is the caller's question. */
  async write(
    tx: Writer,
    run: RunRecord,
    row: RunDeviceRecord,
    { to, change, why, actor, detail }: RunMove,
  ): Promise<void> {
    const atMs = this.#clock.nowMs()
    await tx.scriptRuns.change(run.id, row.deviceId, {
      ...change,
      state: to,
      ...(why && { why }),
      ...(isRunOver(to) && { endedAtMs: atMs }),
    })
    // Back in the queue is no event: nothing has happened on the device.
    if (to === 'queued') return
    await tx.audit({
      organisationId: run.organisationId,
      atMs,
      actor: actor ?? RELAY_ACTOR,
      action: `script.run-${to}`,
      subject: run.id,
      detail: {
        script: run.scriptName,
        digest: run.digest,
        device: row.deviceId,
        operator: run.operator.email,
        ...(why && { code: why.code }),
        ...detail,
      },
    })
  }
}

import { join } from 'node:path'
import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import { scriptRunIdSchema } from '#protocol/ids.ts'
import type { RunResult } from '#protocol/scripts/run-result.ts'
import { scriptDigestSchema } from '#protocol/scripts/script.ts'
import type { Clock } from '../../links/clock.ts'
import { readStateFile, writeStateFile } from '../state/state-file.ts'

/** Orders that could still be used again; more than any organisation gives one device within a week. */
const USABLE_MAX = 2_000
/** Of what is over, for whoever looks after this machine. */
const PAST_MAX = 200
/** Beyond the order's own end, because clocks differ. */
const LEEWAY_MS = 60_000

const recordSchema = z.object({
  runId: scriptRunIdSchema,
  operator: z.string().max(200),
  script: z.string().max(60),
  digest: scriptDigestSchema,
  takenAtMs: z.number().int(),
  usableUntilMs: z.number().int(),
  startedAtMs: z.number().int().nullable(),
  end: z.string().max(80).nullable(),
  exitCode: z.number().int().nullable(),
})
type RunRecord = z.infer<typeof recordSchema>
const fileSchema = z.object({ version: z.literal(1), runs: z.array(recordSchema).max(USABLE_MAX + PAST_MAX) })

/**
 * The device's own word of the scripts that it ran without a session: written before each begins. It is also what keeps an order from being used a second time,
 * by whoever kept a copy of it.
 */
export class RunRecords {
  readonly #path: string
  readonly #clock: Pick<Clock, 'wallMs'>
  /** Undefined: what was written can't be read, so nobody knows what was used. */
  #runs: RunRecord[] | undefined
  #tail: Promise<void> = Promise.resolve()

  private constructor(path: string, clock: Pick<Clock, 'wallMs'>, runs: RunRecord[] | undefined) {
    this.#path = path
    this.#clock = clock
    this.#runs = runs
  }

  static async open(stateDir: string, clock: Pick<Clock, 'wallMs'>): Promise<RunRecords> {
    const path = join(stateDir, 'script-runs.json')
    return new RunRecords(path, clock, parse(await readStateFile(path)))
  }

  /** Begun by an earlier run of the agent, and not ended by it. */
  get unfinished(): string[] {
    const runs = this.#runs ?? []
    return runs.filter(({ startedAtMs, end }) => startedAtMs !== null && end === null).map(({ runId }) => runId)
  }

  /** Durable when it resolves. Throws `grant-invalid` for an order that was used, and `tool-unavailable` where that can't be known or written. */
  async take(run: Pick<RunRecord, 'runId' | 'operator' | 'script' | 'digest' | 'usableUntilMs'>): Promise<void> {
    if (!this.#runs) throw unknown()
    if (this.#runs.some(({ runId }) => runId === run.runId))
      throw new HandholdError('grant-invalid', 'This order was used here already. Start the script anew.')
    const nowMs = this.#clock.wallMs()
    const kept = prune(this.#runs, nowMs)
    if (kept.length >= USABLE_MAX) throw new HandholdError('rate-limited', 'Too many scripts came to this device.')
    this.#runs = [...kept, { ...run, takenAtMs: nowMs, startedAtMs: null, end: null, exitCode: null }]
    await this.#save().catch(cause => {
      throw new HandholdError('tool-unavailable', 'The device can’t write down what it runs, so it runs nothing.', {
        cause,
      })
    })
  }

  /** Durable when it resolves. */
  async started(runId: string): Promise<void> {
    await this.#change(runId, { startedAtMs: this.#clock.wallMs() })
  }

  async ended(runId: string, { how, exitCode }: Pick<RunResult, 'exitCode'> & { readonly how: string }): Promise<void> {
    await this.#change(runId, { end: how, exitCode })
  }

  async #change(runId: string, change: Partial<RunRecord>): Promise<void> {
    this.#runs = this.#runs?.map(run => (run.runId === runId ? { ...run, ...change } : run))
    await this.#save()
  }

  #save(): Promise<void> {
    const text = JSON.stringify({ version: 1, runs: this.#runs ?? [] })
    const saved = this.#tail.then(() => writeStateFile(this.#path, text))
    this.#tail = saved.catch(() => undefined)
    return saved
  }
}

function prune(runs: readonly RunRecord[], nowMs: number): RunRecord[] {
  const isUsable = ({ usableUntilMs }: RunRecord) => nowMs < usableUntilMs + LEEWAY_MS
  return [...runs.filter(run => !isUsable(run)).slice(-PAST_MAX), ...runs.filter(isUsable)]
}

function parse(text: string | undefined): RunRecord[] | undefined {
  try {
    return text === undefined ? [] : fileSchema.parse(JSON.parse(text)).runs
  } catch {
    return undefined
  }
}

const unknown = () =>
  new HandholdError(
    'tool-unavailable',
    'The device’s list of scripts is damaged, so it runs none. Its administrator removes script-runs.json.',
  )

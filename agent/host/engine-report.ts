import type { EngineState, PictureProblem } from '#protocol/peer/control.ts'
import type { Clock } from '../links/clock.ts'
import { isUnsettled, NO_PROBLEM, nextProblem, type PictureFacts, type ProblemState } from './screen/picture-problem.ts'

/** The operator is told at most twice a second. */
const INTERVAL_MS = 500

/** A rate that moved by less is the same to a person. */
const SAME_RATE = 0.2
const KBPS_MAX = 10_000_000

/** What the engine does now. */
export interface EngineFacts extends PictureFacts {
  readonly codec: string
}

export interface EngineReportOptions {
  readonly clock: Clock
  readonly read: () => EngineFacts
  /** Returns false while nobody can be told. */
  readonly send: (state: EngineState) => boolean
}

/** Tells the operator what the engine does and why the picture is bad, when that changes. While nothing moves and nothing is slow, nothing of it runs. */
export class EngineReport {
  readonly #options: EngineReportOptions
  #problem: ProblemState = NO_PROBLEM
  #told: EngineState | undefined
  #lookedAtMs = Number.NEGATIVE_INFINITY
  #cancel: (() => void) | undefined

  constructor(options: EngineReportOptions) {
    this.#options = options
  }

  /** Something may have changed. Cheap, for every message that leaves. */
  wake(): void {
    if (this.#cancel) return
    const waitMs = this.#lookedAtMs + INTERVAL_MS - this.#options.clock.monotonicMs()
    this.#cancel = this.#options.clock.setTimer(() => this.#look(), Math.max(0, waitMs))
  }

  /** The operator's side is there: it is told whatever there is. */
  start(): void {
    this.stop()
    this.#told = undefined
    this.#look()
  }

  /** Idempotent; `start` and `wake` begin again. */
  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #look(): void {
    this.#cancel = undefined
    const { clock, read, send } = this.#options
    const facts = read()
    this.#lookedAtMs = clock.monotonicMs()
    this.#problem = nextProblem(this.#problem, facts, this.#lookedAtMs)
    const state = toState(facts, this.#problem.shown, this.#told?.targetKbps)
    if (!isSame(state, this.#told) && send(state)) this.#told = state
    if (facts.isMotion || facts.undrawnMs > 0 || isUnsettled(this.#problem)) this.wake()
  }
}

function toState(facts: EngineFacts, problem: PictureProblem | undefined, toldKbps: number | undefined): EngineState {
  const kbps = facts.linkKbps === undefined ? undefined : Math.min(KBPS_MAX, Math.round(facts.linkKbps))
  const isSameRate = kbps !== undefined && toldKbps !== undefined && Math.abs(kbps - toldKbps) <= toldKbps * SAME_RATE
  const targetKbps = isSameRate ? toldKbps : kbps
  return {
    type: 'engine',
    mode: facts.isMotion ? 'motion' : 'tiles',
    ...(facts.isMotion && { codec: facts.codec }),
    ...(targetKbps !== undefined && { targetKbps }),
    ...(problem && { problem }),
  }
}

function isSame(a: EngineState, b: EngineState | undefined): boolean {
  return a.mode === b?.mode && a.codec === b.codec && a.targetKbps === b.targetKbps && a.problem === b.problem
}

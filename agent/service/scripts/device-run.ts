import { createHash } from 'node:crypto'
import { HandholdError, toWireError } from '#protocol/errors.ts'
import type { PassVerificationKey } from '#protocol/keys.ts'
import type { ProofClaims } from '#protocol/proof.ts'
import { RUN_ALONE_MS } from '#protocol/scripts/limits.ts'
import type { RunGrantClaims, ScriptRun } from '#protocol/scripts/run-grant.ts'
import type { RunOrder } from '#protocol/scripts/run-order.ts'
import type { RunResult } from '#protocol/scripts/run-result.ts'
import type { AgentToRelay } from '#protocol/wire/agent.ts'
import type { UserView } from '#protocol/wire/views.ts'
import type { Clock } from '../../links/clock.ts'
import type { ScriptToService } from '../../links/script-link.ts'
import type { Logger } from '../log.ts'
import { RunDelivery } from './run-delivery.ts'
import type { RunRecords } from './run-records.ts'
import type { ScriptLauncher, ScriptProcess } from './script-process.ts'

/** How often a running script's way back to the relay is looked at. */
const LOOK_MS = 5_000

export interface DeviceRunParts {
  readonly deviceId: string
  readonly passKeys: () => readonly PassVerificationKey[]
  readonly clock: Clock
  readonly log: Logger
  readonly launcher: Pick<ScriptLauncher, 'launch'>
  readonly records: Pick<RunRecords, 'started' | 'ended'>
  /** With the device's key. */
  readonly sign: (claims: ProofClaims<'run'>) => Promise<string>
  /** Resolves when the relay acknowledged it. */
  readonly request: (message: AgentToRelay) => Promise<void>
  readonly isConnected: () => boolean
  /** As whom a script of this tool runs, for the audit. */
  readonly userOf: (tool: RunOrder['tool']) => string
  /** Resolves when the person here has nothing against it, or isn't there. Rejects with why not. */
  readonly agree: (run: DeviceRun) => Promise<void>
}

const NOTHING_PRINTED = {
  durationMs: 0,
  outputBytes: 0,
  isCut: false,
  parts: 0,
  outputDigest: createHash('sha256').digest('base64url'),
}

/** One script on this device, from the moment in which it was taken until the relay knows how it ended. */
export class DeviceRun {
  readonly run: ScriptRun
  readonly claims: RunGrantClaims
  readonly order: RunOrder
  /** Who ordered it, as the organisation's key certified them, or as the relay calls them. */
  readonly operator: UserView
  readonly #parts: DeviceRunParts
  readonly #delivery: RunDelivery
  readonly #done = Promise.withResolvers<void>()
  readonly #stopped = new AbortController()
  readonly #begun = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<void>()
  #process: ScriptProcess | undefined
  #cancelLook: (() => void) | undefined
  #isOver = false

  constructor(said: Pick<DeviceRun, 'run' | 'claims' | 'order' | 'operator'>, parts: DeviceRunParts) {
    this.run = said.run
    this.claims = said.claims
    this.order = said.order
    this.operator = said.operator
    this.#parts = parts
    const { request, log, clock } = parts
    this.#delivery = new RunDelivery({
      runId: this.order.runId,
      request,
      log,
      clock,
      onDone: () => this.#done.resolve(),
    })
    void this.#begin()
  }

  /** Resolves when the relay has the last word of it. */
  get done(): Promise<void> {
    return this.#done.promise
  }

  /** Resolves when the script runs; never where it doesn't. */
  get begun(): Promise<void> {
    return this.#begun.promise
  }

  /** Resolves when nothing of it runs any more, or was refused. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  /** Aborted when it is to end. */
  get stopped(): AbortSignal {
    return this.#stopped.signal
  }

  /** Ends it within a second; how it ended is still told. Idempotent. */
  stop(): void {
    this.#stopped.abort()
    this.#process?.stop()
  }

  /** Resolves when no process of it is left. */
  async gone(): Promise<void> {
    await this.#process?.gone
  }

  relayIsBack(): void {
    this.#delivery.resume()
  }

  async #begin(): Promise<void> {
    const { agree, request, launcher, records, passKeys, deviceId, userOf, log } = this.#parts
    const { runId, tool } = this.order
    let isStarted = false
    try {
      await agree(this)
      this.#requireWanted()
      // What isn't in the audit isn't run.
      await request({ type: 'script.report', runId, report: { what: 'starts', runsAs: userOf(tool) } })
      isStarted = true
      this.#requireWanted()
      await records.started(runId)
      this.#requireWanted()
      log.info(
        { run: runId, script: this.claims.script.name, operator: this.claims.label, reason: this.order.reason },
        'a script begins',
      )
      const begin = { run: this.run, deviceId, passKeys: [...passKeys()] }
      this.#process = launcher.launch(runId, begin, message => this.#handle(message))
      void this.#process.gone.then(() => this.#end({ ...NOTHING_PRINTED, how: 'failed', exitCode: null }))
      this.#begun.resolve()
      this.#look(this.#parts.clock.monotonicMs())
    } catch (thrown) {
      log.warn({ run: runId, err: thrown }, 'a script was not run')
      if (isStarted && this.stopped.aborted) this.#end({ ...NOTHING_PRINTED, how: 'stopped', exitCode: null })
      else this.#refuse(thrown)
    }
  }

  #requireWanted(): void {
    if (this.stopped.aborted) throw new HandholdError('illegal-transition', 'The run was cancelled.')
  }

  #handle(message: ScriptToService): void {
    if (message.type === 'part') {
      const { part, bytes, sealed } = message
      this.#delivery.say({ what: 'output', part, bytes, sealed })
    } else if (message.type === 'ended') this.#end(message.result)
    else this.#refuse(HandholdError.fromWire(message.why))
  }

  #end(result: RunResult): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#ended.resolve()
    this.#cancelLook?.()
    const { deviceId, sign, records, log } = this.#parts
    const { runId } = this.order
    const say = async () => {
      await records.ended(runId, result).catch(error => log.warn({ err: error }, 'how a script ended was not kept'))
      this.#delivery.say({ what: 'ended', proof: await sign({ ...result, runId, deviceId }) })
    }
    say().catch(error => log.error({ err: error, run: runId }, 'how a script ended could not be told'))
  }

  #refuse(thrown: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#ended.resolve()
    this.#cancelLook?.()
    const why = toWireError(thrown)
    void this.#parts.records.ended(this.order.runId, { how: why.code, exitCode: null }).catch(() => undefined)
    this.#delivery.say({ what: 'refused', why })
  }

  /** Without the relay nobody could stop it any more, so it doesn't go on for long. */
  #look(heardAtMs: number): void {
    const { clock, isConnected } = this.#parts
    this.#cancelLook = clock.setTimer(() => {
      const nowMs = clock.monotonicMs()
      const lastMs = isConnected() ? nowMs : heardAtMs
      if (nowMs - lastMs >= RUN_ALONE_MS) this.stop()
      else this.#look(lastMs)
    }, LOOK_MS)
  }
}

import type { Socket } from 'node:net'
import { HandholdError, toWireError } from '#protocol/errors.ts'
import type { PassVerificationKey } from '#protocol/keys.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionState } from '#protocol/session/state.ts'
import type { ToolReport } from '#protocol/tools/audit.ts'
import { verifyGrant } from '#protocol/tools/grant.ts'
import { levelOf, mayUseTool, TOOLS, type Tool, type ToolLevel } from '#protocol/tools/tools.ts'
import { WATCH_BEAT_MS } from '#protocol/tools/watch/limits.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { Clock } from '../../links/clock.ts'
import type { ServiceToHost } from '../../links/host-link.ts'
import type { Logger } from '../log.ts'
import type { HelperLauncher, HelperProcess } from './helper-process.ts'

/** What a session may have reported at once, and how fast that comes back: a flood of commands must not cost the device its connection to the relay. */
const REPORTS_BURST = 20
const REPORT_EVERY_MS = 250

/** A second person's word, with the relay's for its author. */
export interface WatchBeatWire {
  readonly statement: string
  readonly proof: string
}

/** What the person at the device is told of the tools. */
export interface ToolsWitnessed {
  /** Something that is done is recorded now. */
  readonly isRecording: boolean
  /** Who else sees what is done. */
  readonly watchers: readonly string[]
}

export interface SessionToolsParts {
  readonly helpers: Pick<HelperLauncher, 'launch' | 'offers'>
  readonly deviceId: string
  readonly passKeys: () => readonly PassVerificationKey[]
  readonly clock: Clock
  readonly log: Logger
  readonly request: SessionRequest
  readonly agentNonce: string
  /** What the person allows now; nothing unless the session is active. */
  readonly scopes: () => readonly Scope[]
  readonly lease: () => string | undefined
  /** Resolves when the relay has the report in its audit. */
  readonly report: (report: ToolReport) => Promise<void>
  /** What a helper sealed for the second person who watches. */
  readonly show: (sealed: string) => void
  readonly toHost: (message: ServiceToHost, socket?: Socket) => void
  readonly onWitnessed: (witnessed: ToolsWitnessed) => void
}

/** The tools of one session at the service: starts a helper for whom a grant allows it, keeps it supplied with leases, and ends it. */
export class SessionTools {
  readonly #parts: SessionToolsParts
  readonly #helpers = new Map<ToolLevel, HelperProcess>()
  readonly #ending = new Set<Promise<void>>()
  readonly #refused = new Set<string>()
  /** For a helper that starts while somebody looks. */
  #lastBeat: (WatchBeatWire & { readonly atMs: number }) | undefined
  readonly #recorded = new Map<ToolLevel, number>()
  readonly #watchers = new Map<ToolLevel, string>()
  #isPaused = false
  #isStopped = false
  #reportsLeft = REPORTS_BURST
  #countedAtMs = Number.NEGATIVE_INFINITY

  constructor(parts: SessionToolsParts) {
    this.#parts = parts
  }

  /** The host has an operator who wants a tool. Their grant is checked before anything is started, and by the helper again. */
  async start(tool: Tool, grant: string): Promise<void> {
    try {
      const { deviceId, passKeys, request, clock } = this.#parts
      const { sessionId, operatorKeyThumbprint } = request
      this.#requireAgreed(tool)
      const expected = { deviceId, sessionId, tool, operatorKeyThumbprint, nowMs: clock.wallMs() }
      await verifyGrant(grant, { ...expected, keys: passKeys() })
      this.#requireAgreed(tool)
      if (!this.#parts.helpers.offers(tool))
        throw new HandholdError('tool-unavailable', 'This device has nothing that this tool is for.')
      this.#provide(levelOf(tool))
    } catch (thrown) {
      const { code, message } = toWireError(thrown)
      this.#parts.toHost({ type: 'tool-refused', tool, code, message: message.slice(0, 300) })
      this.#refuse(tool, code, thrown)
    }
  }

  handleLease(): void {
    for (const helper of this.#helpers.values()) this.#tellLease(helper)
  }

  handleWatch({ statement, proof }: WatchBeatWire): void {
    this.#lastBeat = { statement, proof, atMs: this.#parts.clock.monotonicMs() }
    for (const helper of this.#helpers.values()) helper.send({ type: 'watch', statement, proof })
  }

  /** The session is paused or goes on, or the person allows other things than before. */
  handleState(state: SessionState): void {
    this.#isPaused = state.name !== 'active'
    for (const [level, helper] of this.#helpers) {
      helper.send({ type: 'set-paused', paused: this.#isPaused })
      if (!('mode' in state)) continue
      const tools = this.#toolsOf(level, state.scopes)
      if (tools.length > 0) helper.send({ type: 'set-tools', tools })
      else this.#withdraw(level, helper)
    }
  }

  /** Resolves when no helper and no terminal is left. Idempotent. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all([...this.#ending, ...[...this.#helpers.values()].map(helper => helper.stop())])
  }

  /** The host refused what the session doesn't have: once for each tool. */
  reportRefusal(tool: Tool | null, code: string): void {
    this.#refuse(tool, code, undefined)
  }

  #provide(level: ToolLevel): void {
    if (this.#helpers.has(level)) return
    const { helpers, deviceId, passKeys, request, agentNonce, toHost } = this.#parts
    const helper: HelperProcess = helpers.launch(
      {
        type: 'begin',
        level,
        sessionId: request.sessionId,
        deviceId,
        operatorId: request.operator.id,
        operatorKeyThumbprint: request.operatorKeyThumbprint,
        agentNonce,
        passKeys: [...passKeys()],
        tools: this.#toolsOf(level, this.#parts.scopes()),
      },
      {
        onReport: (id, report) => void this.#keep(helper, id, report),
        onShown: this.#parts.show,
        onRecording: terminals => this.#helpers.get(level) === helper && this.#setRecorded(level, terminals),
        onWatcher: watcher => this.#helpers.get(level) === helper && this.#setWatcher(level, watcher),
        onDied: () => {
          this.#helpers.delete(level)
          this.#forget(level)
          toHost({ type: 'helper-gone', level })
        },
      },
    )
    this.#helpers.set(level, helper)
    this.#tellLease(helper)
    if (this.#isPaused) helper.send({ type: 'set-paused', paused: true })
    const beat = this.#lastBeat
    if (beat && this.#parts.clock.monotonicMs() - beat.atMs < WATCH_BEAT_MS)
      helper.send({ type: 'watch', statement: beat.statement, proof: beat.proof })
    toHost({ type: 'helper', level }, helper.peer)
  }

  #setRecorded(level: ToolLevel, terminals: number): void {
    this.#recorded.set(level, terminals)
    this.#tellWitnessed()
  }

  #setWatcher(level: ToolLevel, watcher: string | null): void {
    if (watcher === null) this.#watchers.delete(level)
    else this.#watchers.set(level, watcher)
    this.#tellWitnessed()
  }

  #forget(level: ToolLevel): void {
    this.#recorded.delete(level)
    this.#watchers.delete(level)
    this.#tellWitnessed()
  }

  #tellWitnessed(): void {
    const isRecording = [...this.#recorded.values()].some(count => count > 0)
    this.#parts.onWitnessed({ isRecording, watchers: [...new Set(this.#watchers.values())] })
  }

  /** The person took back the last tool of this level: what runs there ends with the right to it. */
  #withdraw(level: ToolLevel, helper: HelperProcess): void {
    this.#helpers.delete(level)
    this.#forget(level)
    this.#parts.toHost({ type: 'helper-gone', level })
    const ended = helper.stop()
    this.#ending.add(ended)
    void ended.finally(() => this.#ending.delete(ended))
  }

  /** Together with the keys that it may be signed by: the relay may have changed them since the helper began. */
  #tellLease(helper: HelperProcess): void {
    helper.send({ type: 'set-pass-keys', passKeys: [...this.#parts.passKeys()] })
    helper.send({ type: 'lease', lease: this.#parts.lease() ?? null })
  }

  async #keep(helper: HelperProcess, id: number, report: ToolReport): Promise<void> {
    try {
      if (!this.#mayReport()) throw new HandholdError('rate-limited', 'Too many commands at once. Wait a moment.')
      await this.#parts.report(report)
      helper.send({ type: 'reported', id, isKept: true })
    } catch (thrown) {
      const why = toWireError(thrown)
      this.#parts.log.warn({ report, problem: why.code }, 'a tool’s report was not kept')
      helper.send({ type: 'reported', id, isKept: false, why })
    }
  }

  #mayReport(): boolean {
    const nowMs = this.#parts.clock.monotonicMs()
    const regained = Math.floor((nowMs - this.#countedAtMs) / REPORT_EVERY_MS)
    if (regained > 0) {
      this.#reportsLeft = Math.min(REPORTS_BURST, this.#reportsLeft + regained)
      this.#countedAtMs = nowMs
    }
    if (this.#reportsLeft <= 0) return false
    this.#reportsLeft--
    return true
  }

  #refuse(tool: Tool | null, code: string, thrown: unknown): void {
    const key = `${tool} ${code}`
    if (this.#refused.has(key)) return
    this.#refused.add(key)
    this.#parts.log.warn({ tool, code, err: thrown }, 'a tool was refused')
    this.#parts.report({ what: 'refused', tool, code, times: 1 }).catch(() => undefined)
  }

  #toolsOf(level: ToolLevel, scopes: readonly Scope[]): Tool[] {
    const { helpers } = this.#parts
    return TOOLS.filter(tool => levelOf(tool) === level && mayUseTool(scopes, tool) && helpers.offers(tool))
  }

  #requireAgreed(tool: Tool): void {
    if (this.#isStopped || !mayUseTool(this.#parts.scopes(), tool))
      throw new HandholdError('forbidden', 'The person at the device has not agreed to this tool.')
  }
}

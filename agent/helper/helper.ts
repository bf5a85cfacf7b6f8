import { HandholdError, toWireError } from '#protocol/errors.ts'
import type { ToolReport } from '#protocol/tools/audit.ts'
import {
  type HelperTools,
  type OperatorTools,
  OUTPUT,
  operatorToolsSchema,
  type ScriptRun,
} from '#protocol/tools/messages.ts'
import { isShell, type Tool } from '#protocol/tools/tools.ts'
import { WATCH_PAST_BYTES } from '#protocol/tools/watch/limits.ts'
import type { Clock } from '../links/clock.ts'
import type { HelperBegin } from '../links/helper-link.ts'
import { Gate } from './gate.ts'
import { inParts } from './in-parts.ts'
import type { Processes } from './processes/processes.ts'
import type { RegistryTool } from './registry/registry-tool.ts'
import type { Services } from './services/services.ts'
import { requireGranted, type ScriptOrder } from './shell/script-order.ts'
import type { Terminals } from './shell/terminals.ts'
import { TypingRows } from './typing-rows.ts'
import { Mirror } from './watch/mirror.ts'
import { SecondPerson, type Watcher } from './watch/second-person.ts'

export interface HelperParts {
  readonly begin: HelperBegin
  readonly clock: Clock
  /** The user that everything here runs as. */
  readonly runsAs: string
  /** One message for the operator. */
  readonly send: (message: Uint8Array) => void
  /** Resolves when it is in the audit; rejects with `audit-unavailable`. */
  readonly report: (report: ToolReport) => Promise<void>
  readonly terminals: (
    output: (terminal: number, bytes: Uint8Array) => void,
    tell: (message: HelperTools) => void,
  ) => Terminals
  readonly processes: Processes
  readonly services: Services
  /** Sealed, for a second person. */
  readonly sendShown: (sealed: string) => void
  /** Who sees it from now on, for the person at the device. */
  readonly onWatcher: (watcher: string | null) => void
  readonly registry: RegistryTool
}

/**
 * The elevated helper without its process: takes an operator's messages one by one, lets the gate decide on each, and has the tools do what it allows.
 * Nothing is run before its report is in the audit.
 */
export class Helper {
  readonly #parts: HelperParts
  readonly gate: Gate
  readonly #terminals: Terminals
  readonly #secondPerson: SecondPerson
  readonly #mirror: Mirror
  readonly #typingRows: TypingRows
  /** Refusals by code; each is reported once, so that a flood is one row. */
  readonly #refused = new Set<string>()

  constructor(parts: HelperParts) {
    this.#parts = parts
    this.gate = new Gate(parts.begin, parts.clock)
    this.#mirror = new Mirror({
      sessionId: parts.begin.sessionId,
      level: parts.begin.level,
      clock: parts.clock,
      send: parts.sendShown,
      past: () => this.#shownPast(),
    })
    this.#typingRows = new TypingRows(parts.clock, (tool, recording) =>
      parts.report({ what: 'typed', tool, recording }),
    )
    this.#secondPerson = new SecondPerson({
      begin: parts.begin,
      clock: parts.clock,
      onChanged: watcher => this.#handleWatcher(watcher),
      onSeen: sequence => this.#mirror.seen(sequence),
    })
    this.#terminals = parts.terminals(
      (terminal, bytes) => this.#sendOutput(terminal, bytes),
      message => this.#tell(message),
    )
  }

  /** One message of the operator. Never throws. */
  async handle(bytes: Uint8Array): Promise<void> {
    const message = parse(bytes)
    if (!message)
      return this.#refuse(null, null, new HandholdError('bad-frame', 'That is no message of this protocol.'))
    try {
      await this.#dispatch(message)
    } catch (thrown) {
      this.#refuse(message.tool, 'request' in message ? message.request : null, thrown)
    }
  }

  /** A second person's beat. Rejects with what is wrong with it. */
  watch(statement: string, proof: string): Promise<void> {
    return this.#secondPerson.take(statement, proof)
  }

  /** Of what the person took back, or lost, nothing runs on. */
  setTools(tools: readonly Tool[]): void {
    this.gate.setTools(tools)
    this.#terminals.endOthers(tools)
    if (!tools.some(isOfProcesses)) this.#stopLists()
  }

  setPaused(isPaused: boolean): void {
    this.gate.setPaused(isPaused)
    this.#terminals.setPaused(isPaused)
  }

  /** The host is behind: what writes waits. */
  setCongested(isCongested: boolean): void {
    this.#terminals.setCongested(isCongested)
  }

  /** Ends every terminal and what was started in it. Idempotent. */
  close(): void {
    this.#stopLists()
    this.#parts.registry.close()
    this.#terminals.close()
    this.#secondPerson.close()
    this.#mirror.close()
  }

  async #dispatch(message: OperatorTools): Promise<void> {
    const { tool } = message
    if (message.type === 'hello') return this.#send(this.#state(tool))
    if (message.type === 'unlock') {
      await this.gate.open(tool, message.grant, message.proof, ({ jti }) =>
        this.#parts.report({ what: 'opened', tool, grantId: jti }),
      )
      return this.#send(this.#state(tool))
    }
    // To see less takes no right: in a pause too.
    if (message.type === 'list' && message.list === 'stop') return this.#stopLists()
    const { label } = this.gate.require(tool)
    if (DOING.has(message.type)) this.#requireSecondPerson(tool)
    switch (message.type) {
      case 'open': {
        requireShell(tool)
        const order = message.script && (await this.#orderOf(tool, message.script))
        // The script's own grant may want one.
        if (order) this.#requireSecondPerson(tool)
        const right = {
          report: (report: ToolReport) => this.#report(tool, report),
          require: () => this.#requireStill(tool),
        }
        const terminal = await this.#terminals.open(message, label, right, order)
        this.#mirrorSize(tool, terminal.terminal)
        return this.#tell({ type: 'opened', tool, request: message.request, terminal })
      }
      case 'attach':
        this.#terminals.attach(tool, message.terminal, message)
        return this.#mirrorSize(tool, message.terminal)
      case 'input':
        return this.#type(tool, message.terminal, message.data)
      case 'resize':
        this.#terminals.of(tool, message.terminal).resize(message.columns, message.rows)
        return this.#mirrorSize(tool, message.terminal)
      case 'drawn':
        return this.#terminals.of(tool, message.terminal).drawn(message.bytes)
      case 'close':
        return this.#terminals.end(tool, message.terminal)
      case 'list':
        return this.#list(message)
      case 'act':
        return this.#act(message, label)
    }
  }

  async #type(tool: Tool, number: number, data: string): Promise<void> {
    const terminal = this.#terminals.of(tool, number)
    if (this.gate.isStrict(tool)) {
      await this.#typingRows.require(tool, terminal.view.recording)
      // The row may have taken longer than the right.
      this.#requireStill(tool)
    }
    terminal.write(data)
  }

  async #orderOf(tool: Tool, { grant, proof, definition, values }: ScriptRun): Promise<ScriptOrder> {
    return requireGranted(tool, await this.gate.once(tool, grant, proof), definition, values)
  }

  /** Reading may take longer than the right to it, so that is asked again before anything is told. */
  async #list(message: Extract<OperatorTools, { type: 'list' }>): Promise<void> {
    const { tool, request, list, name, offset } = message
    const { processes, services } = this.#parts
    if (list === 'recordings' || list === 'recording') {
      requireShell(tool)
      const { recordings } = this.#terminals
      if (list === 'recording') {
        const part = await recordings.read(name ?? '', offset ?? 0)
        this.gate.require(tool)
        return this.#send({ type: 'part', request, ...part })
      }
      const all = await recordings.list(this.#parts.begin.sessionId)
      this.gate.require(tool)
      for (const [part, isLast] of inParts(all)) this.#send({ type: 'recordings', request, recordings: part, isLast })
      return
    }
    if (list === 'registry') return this.#askRegistry(message)
    if (tool === 'services') {
      const { rows, problem } = await services.list()
      this.gate.require(tool)
      let isFirst = true
      for (const [part, isLast] of inParts(rows)) {
        this.#send({ type: 'services', tool, isFirst, isLast, rows: part, problem })
        isFirst = false
      }
      return
    }
    requireProcesses(tool)
    processes.watch(
      update => this.#send({ type: 'processes', tool, ...update }),
      () => this.#isAllowed(tool),
    )
  }

  async #askRegistry({ tool, request, query }: Extract<OperatorTools, { type: 'list' }>): Promise<void> {
    requireRegistry(tool)
    if (!query) throw wrongTool()
    if (query.ask === 'values' && query.offset === 0) this.#did(tool, `registry-look ${query.path}`)
    const { answer, next } = await this.#parts.registry.answer(query, words => this.#reportRegistry(tool, words))
    // Reading may have taken longer than the right to it.
    this.#requireStill(tool)
    this.#send({ type: 'part', request, text: '', next, registry: answer })
  }

  async #act({ tool, request, action }: Extract<OperatorTools, { type: 'act' }>, operator: string): Promise<void> {
    const { processes, services } = this.#parts
    if (action.verb === 'registry') {
      requireRegistry(tool)
      const { registry } = this.#parts
      const text = await registry.edit(action.edit, operator, words => this.#reportRegistry(tool, words))
      return this.#send({ type: 'done', request, text })
    }
    const report = (object: string) => this.#reportAct(tool, { verb: action.verb, object })
    if ('unit' in action) {
      if (tool !== 'services') throw wrongTool()
      services.check(action.unit)
      await report(action.unit)
      this.#did(tool, `${action.verb} ${action.unit}`)
      return this.#send({ type: 'done', request, text: await services.act(action) })
    }
    requireProcesses(tool)
    await processes.check(action.process)
    const object = `process ${action.process.pid} ${await processes.nameOf(action.process)}`
    await report(object)
    await processes.act(action)
    this.#did(tool, `${action.verb} ${object}`)
    return this.#send({ type: 'done', request, text: '' })
  }

  async #reportRegistry(tool: Tool, words: { verb: string; object: string }): Promise<void> {
    await this.#reportAct(tool, words)
    this.#did(tool, `${words.verb} ${words.object}`)
  }

  #reportAct(tool: Tool, { verb, object }: { verb: string; object: string }): Promise<void> {
    return this.#report(tool, { what: 'act', tool, verb, object })
  }

  /** What took time may have lost its right meanwhile. */
  async #report(tool: Tool, report: ToolReport): Promise<void> {
    await this.#parts.report(report)
    this.#requireStill(tool)
  }

  #requireStill(tool: Tool): void {
    this.gate.require(tool)
    this.#requireSecondPerson(tool)
  }

  /** Only where the tool's grant wants one. */
  #requireSecondPerson(tool: Tool): void {
    if (!this.gate.twoPersonTools.has(tool)) return
    this.#secondPerson.require(tool)
    this.#mirror.requireSeen()
  }

  #handleWatcher(watcher: Watcher | undefined): void {
    const label = watcher?.label ?? null
    // Before they are shown anything.
    this.#parts.onWatcher(label)
    this.#mirror.setWatcher(watcher)
    this.#send({ type: 'watched', watcher: label })
  }

  /** The terminals that somebody who looks now has not seen. */
  #shownPast(): Uint8Array[] {
    return this.#terminals.openOf(this.gate.twoPersonTools).flatMap(terminal => {
      const { view, size } = terminal
      const opened = { type: 'opened', tool: view.tool, request: 1, terminal: view }
      const note = { type: 'size', terminal: view.terminal, ...size }
      const output = toOutput(view.terminal, terminal.lastOutput(WATCH_PAST_BYTES))
      return [toBytes(opened), toBytes(note), output]
    })
  }

  #did(tool: Tool, text: string): void {
    if (this.gate.twoPersonTools.has(tool)) this.#mirror.note({ type: 'did', tool, text: text.slice(0, 300) })
  }

  #mirrorSize(tool: Tool, terminal: number): void {
    if (!this.gate.twoPersonTools.has(tool)) return
    this.#mirror.note({ type: 'size', terminal, ...this.#terminals.of(tool, terminal).size })
  }

  #isAllowed(tool: Tool): boolean {
    try {
      this.gate.require(tool)
      return true
    } catch {
      return false
    }
  }

  #stopLists(): void {
    this.#parts.processes.stop()
  }

  #state(tool: Tool): HelperTools {
    const isUnlocked = this.gate.isOpen(tool)
    return {
      type: 'state',
      tool,
      isUnlocked,
      runsAs: this.#parts.runsAs,
      shells: this.#terminals.shells,
      terminals: isUnlocked ? this.#terminals.list(tool) : [],
      twoPerson: this.gate.twoPersonTools.has(tool),
      watcher: this.#secondPerson.watcher?.label ?? null,
    }
  }

  #refuse(tool: Tool | null, request: number | null, thrown: unknown): void {
    const { code, message } = toWireError(thrown)
    this.#send({ type: 'refused', tool, request, code, message: message.slice(0, 300) })
    const key = `${tool} ${code}`
    if (this.#refused.has(key)) return
    this.#refused.add(key)
    // The refusal stands whether it can be reported or not.
    this.#parts.report({ what: 'refused', tool, code, times: 1 }).catch(() => undefined)
  }

  #send(message: HelperTools): void {
    this.#parts.send(toBytes(message))
  }

  /** To the operator, and of a tool that takes two to the second person as well. */
  #tell(message: HelperTools): void {
    this.#send(message)
    if (message.type !== 'opened' && message.type !== 'exited') return
    const tool = message.type === 'opened' ? message.tool : this.#terminals.toolOf(message.terminal)
    if (tool && this.gate.twoPersonTools.has(tool)) this.#mirror.show(toBytes(message))
  }

  #sendOutput(terminal: number, bytes: Uint8Array): void {
    const message = toOutput(terminal, bytes)
    this.#parts.send(message)
    const tool = this.#terminals.toolOf(terminal)
    if (tool && this.gate.twoPersonTools.has(tool)) this.#mirror.show(message)
  }
}

function toOutput(terminal: number, bytes: Uint8Array): Uint8Array {
  const message = new Uint8Array(2 + bytes.length)
  message[0] = OUTPUT
  message[1] = terminal
  message.set(bytes, 2)
  return message
}

const toBytes = (message: object): Uint8Array => Buffer.from(JSON.stringify(message))

/** What is done, as opposed to looked at. */
const DOING = new Set<OperatorTools['type']>(['open', 'input', 'act'])

function parse(bytes: Uint8Array): OperatorTools | undefined {
  try {
    return operatorToolsSchema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))).data
  } catch {
    return undefined
  }
}

const wrongTool = () => new HandholdError('bad-request', 'This tool doesn’t do that.')

function requireShell(tool: Tool): void {
  if (!isShell(tool)) throw wrongTool()
}

function requireRegistry(tool: Tool): void {
  if (tool !== 'registry') throw wrongTool()
}

function requireProcesses(tool: Tool): void {
  if (!isOfProcesses(tool)) throw wrongTool()
}

const isOfProcesses = (tool: Tool): boolean => tool === 'processes' || tool === 'processes-user'

import { HandholdError, toWireError } from '#protocol/errors.ts'
import type { ToolReport } from '#protocol/tools/audit.ts'
import { type HelperTools, type OperatorTools, OUTPUT, operatorToolsSchema } from '#protocol/tools/messages.ts'
import { isTool, type Tool } from '#protocol/tools/tools.ts'
import type { Clock } from '../links/clock.ts'
import type { HelperBegin } from '../links/helper-link.ts'
import { Gate } from './gate.ts'
import { inParts } from './in-parts.ts'
import type { Processes } from './processes/processes.ts'
import type { Services } from './services/services.ts'
import type { Terminals } from './shell/terminals.ts'

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
}

/**
 * The elevated helper without its process: takes an operator's messages one by one, lets the gate decide on each, and has the tools do what it allows.
 * Nothing is run before its report is in the audit.
 */
export class Helper {
  readonly #parts: HelperParts
  readonly gate: Gate
  readonly #terminals: Terminals
  /** Refusals by code; each is reported once, so that a flood is one row. */
  readonly #refused = new Set<string>()

  constructor(parts: HelperParts) {
    this.#parts = parts
    this.gate = new Gate(parts.begin, parts.clock)
    this.#terminals = parts.terminals(
      (terminal, bytes) => this.#sendOutput(terminal, bytes),
      message => this.#send(message),
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

  setPaused(isPaused: boolean): void {
    this.gate.setPaused(isPaused)
    this.#terminals.setPaused(isPaused)
    if (isPaused) this.#stopLists()
  }

  /** The host is behind: what writes waits. */
  setCongested(isCongested: boolean): void {
    this.#terminals.setCongested(isCongested)
  }

  /** Ends every terminal and what was started in it. Idempotent. */
  close(): void {
    this.#stopLists()
    this.#terminals.close()
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
    const { label } = this.gate.require(tool)
    switch (message.type) {
      case 'open': {
        requireShell(tool)
        const terminal = await this.#terminals.open(message, label, report => this.#report(tool, report))
        return this.#send({ type: 'opened', tool, request: message.request, terminal })
      }
      case 'attach':
        return this.#terminals.attach(tool, message.terminal, message)
      case 'input':
        return this.#terminals.of(tool, message.terminal).write(message.data)
      case 'resize':
        return this.#terminals.of(tool, message.terminal).resize(message.columns, message.rows)
      case 'drawn':
        return this.#terminals.of(tool, message.terminal).drawn(message.bytes)
      case 'close':
        return this.#terminals.of(tool, message.terminal).end()
      case 'list':
        return this.#list(message)
      case 'act':
        return this.#act(message)
    }
  }

  async #list({ tool, request, list, name, offset }: Extract<OperatorTools, { type: 'list' }>): Promise<void> {
    const { processes, services } = this.#parts
    if (list === 'recordings' || list === 'recording') {
      requireShell(tool)
      const { recordings } = this.#terminals
      if (list === 'recording')
        return this.#send({ type: 'part', request, ...(await recordings.read(name ?? '', offset ?? 0)) })
      for (const [part, isLast] of inParts(await recordings.list()))
        this.#send({ type: 'recordings', request, recordings: part, isLast })
      return
    }
    if (list === 'stop') return this.#stopLists()
    if (tool === 'services') {
      const { rows, problem } = await services.list()
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

  async #act({ tool, request, action }: Extract<OperatorTools, { type: 'act' }>): Promise<void> {
    const { processes, services } = this.#parts
    const report = (object: string) => this.#report(tool, { what: 'act', tool, verb: action.verb, object })
    if ('unit' in action) {
      if (tool !== 'services') throw wrongTool()
      await report(action.unit)
      return this.#send({ type: 'done', request, text: await services.act(action) })
    }
    requireProcesses(tool)
    processes.check(action.process)
    await report(`process ${action.process.pid} ${processes.nameOf(action.process)}`)
    processes.act(action)
    return this.#send({ type: 'done', request, text: '' })
  }

  /** What took time may have lost its right meanwhile. */
  async #report(tool: Tool, report: ToolReport): Promise<void> {
    await this.#parts.report(report)
    this.gate.require(tool)
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
    this.#parts.send(Buffer.from(JSON.stringify(message)))
  }

  #sendOutput(terminal: number, bytes: Uint8Array): void {
    const message = new Uint8Array(2 + bytes.length)
    message[0] = OUTPUT
    message[1] = terminal
    message.set(bytes, 2)
    this.#parts.send(message)
  }
}

function parse(bytes: Uint8Array): OperatorTools | undefined {
  try {
    return operatorToolsSchema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))).data
  } catch {
    return undefined
  }
}

const wrongTool = () => new HandholdError('bad-request', 'This tool doesn’t do that.')

function requireShell(tool: Tool): void {
  if (tool !== 'shell' && tool !== 'shell-user') throw wrongTool()
}

function requireProcesses(tool: Tool): void {
  if (!isTool(tool) || (tool !== 'processes' && tool !== 'processes-user')) throw wrongTool()
}

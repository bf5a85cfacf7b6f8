import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { UserInfo } from 'node:os'
import type { IPty } from '@lydell/node-pty'
import { HandholdError } from '#protocol/errors.ts'
import { toDisplayLine } from '#protocol/text.ts'
import type { ToolReport } from '#protocol/tools/audit.ts'
import { TERMINALS_MAX } from '#protocol/tools/limits.ts'
import type { HelperTools, OperatorTools, ProcessRef, ShellName, TerminalView } from '#protocol/tools/messages.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import type { Clock } from '../../links/clock.ts'
import { inheritedDisplay } from '../../links/display-access.ts'
import type { HelperBegin } from '../../links/helper-link.ts'
import { inheritedMark } from '../../links/session-mark.ts'
import { sayToSystem } from '../system-log.ts'
import type { Recordings } from './recordings.ts'
import type { ScriptOrder } from './script-order.ts'
import type { ShellSystem } from './system/shell-system.ts'
import { Terminal } from './terminal.ts'

export interface TerminalsOptions {
  readonly begin: HelperBegin
  readonly user: UserInfo<string>
  readonly system: ShellSystem
  readonly recordings: Recordings
  readonly clock: Clock
  readonly output: (terminal: number, bytes: Uint8Array) => void
  readonly tell: (message: HelperTools) => void
  /** How many are open and recorded, whenever that changes. */
  readonly onRecording: (terminals: number) => void
  readonly log: (level: 'info' | 'warn', message: string) => void
  /** Where a process works; throws for one that isn't there any more. */
  readonly folderOf: (ref: ProcessRef) => string | Promise<string>
}

type Wish = Extract<OperatorTools, { type: 'open' }>

/** Of whoever opens a terminal. */
export interface OpenRight {
  /** Rejects where it isn't kept, or the right is gone by then. */
  report(report: ToolReport): Promise<void>
  /** Throws where the right is gone by now. */
  require(): void
}

interface Start {
  readonly wish: Wish
  readonly operator: string
  readonly right: OpenRight
  readonly order: ScriptOrder | undefined
  readonly shell: ShellName
  readonly program: string
  readonly number: number
}

/** A directory's users may have names that are addresses, longer than an operator's app takes. */
export const shownName = ({ username }: { username: string }): string => toDisplayLine(username, 40)

/** The terminals of one helper. */
export class Terminals {
  readonly shells: ShellName[]
  readonly recordings: Recordings
  readonly #options: TerminalsOptions
  readonly #open = new Map<number, Terminal>()
  /** Scripts that ended, the last few: one may be over before anybody looks, and what it printed is what it was run for. */
  readonly #over = new Map<number, { readonly terminal: Terminal; readonly exitCode: number | null }>()
  /** Numbers of those that are being opened; they count as open ones. */
  readonly #opening = new Set<number>()
  #last = 0
  #isPaused = false
  #isCongested = false
  #isClosed = false

  constructor(options: TerminalsOptions) {
    this.#options = options
    this.recordings = options.recordings
    this.shells = options.system.installed()
  }

  list(tool: Tool): TerminalView[] {
    const over = [...this.#over.values()].map(({ terminal }) => terminal)
    return [...over, ...this.#open.values()].map(({ view }) => view).filter(view => view.tool === tool)
  }

  /** The open ones of some tools. */
  openOf(tools: ReadonlySet<Tool>): Terminal[] {
    return [...this.#open.values()].filter(({ view }) => tools.has(view.tool))
  }

  toolOf(number: number): Tool | undefined {
    return this.#open.get(number)?.view.tool
  }

  /** Throws `not-found` for a terminal that isn't there, or is another tool's. A script's is there until it is closed; over, it takes nothing. */
  of(tool: Tool, number: number): Terminal {
    const terminal = this.#open.get(number) ?? this.#over.get(number)?.terminal
    if (terminal?.view.tool !== tool) throw new HandholdError('not-found', 'This terminal is closed.')
    return terminal
  }

  /** Starts a shell once its report is kept and its recording can be written; without either, or without the right by then, nothing is run. */
  async open(wish: Wish, operator: string, right: OpenRight, order?: ScriptOrder): Promise<TerminalView> {
    const shell = order?.definition.program ?? wish.shell
    const program = this.#options.system.pathOf(shell)
    if (!program) throw new HandholdError('tool-unavailable', `This device has no ${shell}.`)
    const number = this.#reserve()
    try {
      return await this.#start({ wish, operator, right, order, shell, program, number })
    } finally {
      this.#opening.delete(number)
    }
  }

  async #start({ wish, operator, right, order, shell, program, number }: Start): Promise<TerminalView> {
    const { user, begin, clock, system } = this.#options
    const folder = wish.at && (await this.#options.folderOf(wish.at))
    const startedAtMs = clock.wallMs()
    const name = `${stamp(startedAtMs)}-${begin.sessionId.slice(4, 12)}-${randomBytes(3).toString('hex')}.cast`
    await right.report(
      order ? scriptReport(wish.tool, order, name) : { what: 'shell', tool: wish.tool, program, recording: name },
    )
    const startMs = clock.monotonicMs()
    let isUnrecorded = false
    const recording = await this.recordings
      .start(
        name,
        {
          columns: wish.columns,
          rows: wish.rows,
          startedAtMs,
          label: `${operator} as ${user.username}`,
          sessionId: begin.sessionId,
        },
        () => (clock.monotonicMs() - startMs) / 1000,
        () => {
          isUnrecorded = true
          this.#unrecorded(number, wish.tool)
        },
      )
      .catch(cause => {
        throw new HandholdError(
          'tool-unavailable',
          'The device can’t record the terminal, so it isn’t opened. Is its disk full?',
          { cause },
        )
      })
    const view: TerminalView = {
      terminal: number,
      tool: wish.tool,
      shell: order?.name ?? wish.shell,
      ...(order && { isScript: true }),
      runsAs: shownName(user),
      recording: name,
    }
    let pty: IPty
    try {
      // Loaded with the first terminal: most helpers and all other programs never need it.
      const { spawn } = await import('@lydell/node-pty')
      if (this.#isClosed) throw new HandholdError('session-closed', 'The session is over.')
      // All of this took time, in which the right may have gone. From here on nothing is waited for, so that what takes the right finds the terminal among the open ones.
      right.require()
      // The text is the program's own argument and the values are its environment: neither is ever part of the other.
      pty = spawn(program, order ? ['-c', order.definition.text, order.name] : system.argsOf(shell), {
        name: 'xterm-256color',
        cols: wish.columns,
        rows: wish.rows,
        cwd: [folder, user.homedir].find(path => path !== undefined && existsSync(path)) ?? '/',
        env: {
          ...order?.values,
          ...system.environment(shell, user, operator),
          ...inheritedDisplay(),
          ...inheritedMark(),
        },
        encoding: null,
      })
    } catch (thrown) {
      // It stays, empty: the audit has its name.
      recording.close()
      throw thrown
    }
    const terminal: Terminal = new Terminal({
      view,
      size: { columns: wish.columns, rows: wish.rows },
      pty,
      system,
      recording,
      output: bytes => this.#options.output(number, bytes),
      onExit: exitCode => {
        this.#options.tell({ type: 'exited', terminal: number, exitCode })
        this.#open.delete(number)
        if (order && !terminal.isEnding) this.#keep(terminal, exitCode)
        this.#options.onRecording(this.#open.size)
      },
    })
    this.#open.set(number, terminal)
    this.#options.onRecording(this.#open.size)
    if (isUnrecorded) this.#unrecorded(number, wish.tool)
    terminal.setPaused(this.#isPaused || this.#isCongested)
    this.#sayToSystem(
      `${operator} ${order ? `ran the script ${order.name} by` : 'opened'} ${program} as ${user.username} in session ${begin.sessionId}, recorded in ${name}`,
    )
    return view
  }

  attach(tool: Tool, number: number, { columns, rows }: { columns: number; rows: number }): void {
    const terminal = this.of(tool, number)
    this.#options.tell({ type: 'attached', terminal: number })
    terminal.replay()
    terminal.resize(columns, rows)
    const over = this.#over.get(number)
    if (over) this.#options.tell({ type: 'exited', terminal: number, exitCode: over.exitCode })
  }

  /** Ends it, and forgets what a script printed. Throws as `of` does. */
  end(tool: Tool, number: number): void {
    this.of(tool, number).end()
    this.#over.delete(number)
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused
    this.#pauseAll()
  }

  setCongested(isCongested: boolean): void {
    this.#isCongested = isCongested
    this.#pauseAll()
  }

  /** Ends those that belong to none of these tools. */
  endOthers(tools: readonly Tool[]): void {
    for (const terminal of [...this.#open.values()]) if (!tools.includes(terminal.view.tool)) terminal.kill()
    for (const [number, { terminal }] of this.#over) if (!tools.includes(terminal.view.tool)) this.#over.delete(number)
  }

  close(): void {
    this.#isClosed = true
    for (const terminal of [...this.#open.values()]) terminal.kill()
  }

  #keep(terminal: Terminal, exitCode: number | null): void {
    this.#over.set(terminal.view.terminal, { terminal, exitCode })
    const [oldest] = this.#over.keys()
    if (this.#over.size > TERMINALS_MAX && oldest !== undefined) this.#over.delete(oldest)
  }

  #pauseAll(): void {
    for (const terminal of this.#open.values()) terminal.setPaused(this.#isPaused || this.#isCongested)
  }

  #unrecorded(number: number, tool: Tool): void {
    const terminal = this.#open.get(number)
    if (!terminal) return
    this.#options.log('warn', 'a terminal is ended because its recording can’t be written')
    const message = 'The device can’t record this terminal any more, so it was ended. Is its disk full?'
    this.#options.tell({ type: 'refused', tool, request: null, code: 'storage-full', message })
    terminal.kill()
  }

  /** A number for one more, which is kept until that is open or refused. Throws `tool-unavailable` when there are enough. */
  #reserve(): number {
    if (this.#open.size + this.#opening.size >= TERMINALS_MAX)
      throw new HandholdError('tool-unavailable', 'Close a terminal first: eight are open.')
    do this.#last = (this.#last % 255) + 1
    while (this.#open.has(this.#last) || this.#over.has(this.#last) || this.#opening.has(this.#last))
    this.#opening.add(this.#last)
    return this.#last
  }

  /** The agent's log has it in any case. */
  #sayToSystem(line: string): void {
    this.#options.log('info', line)
    sayToSystem(line)
  }
}

const scriptReport = (tool: Tool, { name, digest, values }: ScriptOrder, recording: string): ToolReport => ({
  what: 'script',
  tool,
  name,
  digest,
  recording,
  values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, toDisplayLine(value, 80)])),
})

const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')

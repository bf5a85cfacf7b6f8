import { cpus, freemem, loadavg, setPriority, totalmem, uptime } from 'node:os'
import { HandholdError } from '#protocol/errors.ts'
import { PROCESSES_MAX } from '#protocol/tools/limits.ts'
import type { MachineFacts, ProcessRef, ProcessRow } from '#protocol/tools/messages.ts'
import type { Clock } from '../../links/clock.ts'
import { LiveList } from './live-list.ts'
import {
  changed,
  isAgents,
  type ProcessAction,
  type Processes,
  type ProcessesChange,
  type ProcessesUpdate,
  protectedProcess,
  systemRefused,
} from './processes.ts'

/** A program has to be asked each time, which costs more than reading a file does. */
const LOOK_EVERY_MS = 3_000

/** A process as its system lists it. `startTicks` is whatever tells two of the same number apart. */
export interface ListedProcess extends Omit<ProcessRow, 'cpu' | 'isProtected'> {
  /** Processor time so far. */
  readonly cpuMs: number
}

/** What a system brings that has no /proc. */
export interface ProcessSource {
  /** All of them, as they are now. */
  list(): Promise<readonly ListedProcess[]>
  /** What the system can't run without. */
  isProtected(listed: ListedProcess): boolean
  /** Throws `tool-unavailable` for what this system doesn't do. */
  signal(pid: number, verb: 'end' | 'force-end' | 'suspend' | 'resume'): Promise<void> | void
}

export interface ListedProcessesOptions {
  readonly source: ProcessSource
  readonly clock: Clock
  /** The agent service; it and its children can't be touched from here. */
  readonly servicePid: number
}

/** Processes by a list that the system's own program makes. Between its last look and the signal lies the time of a call, and not only the kernel's. */
export class ListedProcesses implements Processes {
  readonly #options: ListedProcessesOptions
  readonly #live: LiveList

  constructor(options: ListedProcessesOptions) {
    this.#options = options
    this.#live = new LiveList(options.clock, LOOK_EVERY_MS)
  }

  watch(tell: (update: ProcessesUpdate) => void, mayTell: () => boolean): void {
    this.#live.watch(() => this.#beginLooking(), tell, mayTell)
  }

  stop(): void {
    this.#live.stop()
  }

  #beginLooking(): () => Promise<ProcessesChange> {
    const { clock } = this.#options
    let before: { readonly atMs: number; readonly listed: ReadonlyMap<number, ListedProcess> } | undefined
    return async () => {
      const atMs = clock.monotonicMs()
      const listed = new Map((await this.#list().catch(() => [])).map(row => [row.pid, row]))
      const elapsedMs = before ? Math.max(50, atMs - before.atMs) : Number.POSITIVE_INFINITY
      const rows = [...listed.values()].map(row => this.#row(row, before?.listed.get(row.pid), elapsedMs))
      const gone = [...(before?.listed.keys() ?? [])].filter(pid => !listed.has(pid))
      before = { atMs, listed }
      return { rows, gone, machine: machine() }
    }
  }

  async nameOf({ pid }: ProcessRef): Promise<string> {
    return (await this.#list()).find(row => row.pid === pid)?.name ?? ''
  }

  folderOf(): never {
    throw new HandholdError('tool-unavailable', 'This system doesn’t say where a process works.')
  }

  async check(ref: ProcessRef): Promise<void> {
    this.#require(await this.#list(), ref)
  }

  async act(action: ProcessAction): Promise<void> {
    const listed = await this.#list()
    const found = this.#require(listed, action.process)
    if (action.verb === 'priority') return attempt(() => setPriority(found.pid, action.nice))
    const { verb } = action
    if (verb !== 'end-tree') return attempt(() => this.#options.source.signal(found.pid, verb))
    const tree = [found]
    // A number used again may make a circle: a child is never older than its parent.
    for (const { pid, startTicks } of tree)
      tree.push(...listed.filter(row => row.parent === pid && row.startTicks >= startTicks && !tree.includes(row)))
    for (const row of tree) this.#require(listed, row)
    for (const row of tree.toReversed()) await attempt(() => this.#options.source.signal(row.pid, 'end'))
  }

  async #list(): Promise<readonly ListedProcess[]> {
    return (await this.#options.source.list()).slice(0, PROCESSES_MAX)
  }

  #require(listed: readonly ListedProcess[], { pid, startTicks }: ProcessRef): ListedProcess {
    const found = listed.find(row => row.pid === pid)
    if (found?.startTicks !== startTicks) throw changed()
    if (this.#isProtected(found)) throw protectedProcess()
    return found
  }

  #isProtected(listed: ListedProcess): boolean {
    return this.#options.source.isProtected(listed) || isAgents(listed, this.#options.servicePid)
  }

  #row({ cpuMs, ...row }: ListedProcess, before: ListedProcess | undefined, elapsedMs: number): ProcessRow {
    const usedMs = before?.startTicks === row.startTicks ? cpuMs - before.cpuMs : 0
    return {
      ...row,
      cpu: Math.max(0, Math.round((usedMs / elapsedMs) * 1000) / 10),
      isProtected: this.#isProtected({ ...row, cpuMs }),
    }
  }
}

const machine = (): MachineFacts => ({
  cpu: Math.min(100, Math.round(((loadavg()[0] ?? 0) / Math.max(1, cpus().length)) * 1000) / 10),
  processors: cpus().length,
  memoryUsed: totalmem() - freemem(),
  memoryTotal: totalmem(),
  load: loadavg()[0] ?? 0,
  uptimeS: Math.round(uptime()),
})

async function attempt(run: () => void | Promise<void>): Promise<void> {
  try {
    await run()
  } catch (cause) {
    throw cause instanceof HandholdError ? cause : systemRefused(cause)
  }
}

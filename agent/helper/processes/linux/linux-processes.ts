import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { HandholdError } from '#protocol/errors.ts'
import type { ProcessRef } from '#protocol/tools/messages.ts'
import type { Clock } from '../../../links/clock.ts'
import { LiveList } from '../live-list.ts'
import {
  changed,
  isAgents,
  type ProcessAction,
  type Processes,
  type ProcessesUpdate,
  protectedProcess,
  SIGNALS,
  systemRefused,
} from '../processes.ts'
import { type ProcessStat, pidsIn, readStat } from './read-proc.ts'
import { ProcessTable } from './table.ts'

const LOOK_EVERY_MS = 1_500
/** The kernel's own threads are its children. */
const KTHREADD = 2

export interface LinuxProcessesOptions {
  readonly clock: Clock
  /** The agent service; it and its children can't be touched from here. */
  readonly servicePid: number
  readonly proc?: string
}

/** By Linux’s /proc. */
export class LinuxProcesses implements Processes {
  readonly #options: LinuxProcessesOptions
  readonly #proc: string
  readonly #list: LiveList

  constructor(options: LinuxProcessesOptions) {
    this.#options = options
    this.#proc = options.proc ?? '/proc'
    this.#list = new LiveList(options.clock, LOOK_EVERY_MS)
  }

  watch(tell: (update: ProcessesUpdate) => void, mayTell: () => boolean): void {
    const { clock } = this.#options
    const begin = () => {
      const table = new ProcessTable(this.#proc, stat => this.#isProtected(stat), clock.wallMs())
      return () => table.look(clock.wallMs())
    }
    this.#list.watch(begin, tell, mayTell)
  }

  stop(): void {
    this.#list.stop()
  }

  nameOf({ pid }: ProcessRef): string {
    return readStat(this.#proc, pid)?.name ?? ''
  }

  /** The folder in which a process works. Throws `process-changed` for another one, and `forbidden` where this user may not know it. */
  folderOf(ref: ProcessRef): string {
    if (readStat(this.#proc, ref.pid)?.startTicks !== ref.startTicks) throw changed()
    try {
      return readlinkSync(`${this.#proc}/${ref.pid}/cwd`)
    } catch (cause) {
      throw new HandholdError('forbidden', 'This user may not see where that process works.', { cause })
    }
  }

  /** Throws `process-changed` where another process has the number now, and `process-protected`. */
  check(ref: ProcessRef): ProcessStat {
    const stat = readStat(this.#proc, ref.pid)
    if (stat?.startTicks !== ref.startTicks) throw changed()
    if (this.#isProtected(stat)) throw protectedProcess()
    return stat
  }

  /** The start time is read once more in the same turn as the signal: what lies between is the kernel's own call. */
  act(action: ProcessAction): void {
    if (action.verb === 'priority') {
      this.check(action.process)
      attempt(() => setPriority(action.process.pid, action.nice))
    } else if (action.verb === 'end-tree') this.#endTree(action.process)
    else this.#signal(action.process, SIGNALS[action.verb])
  }

  #signal(ref: ProcessRef, signal: NodeJS.Signals): void {
    this.check(ref)
    attempt(() => process.kill(ref.pid, signal))
  }

  /** Children first; where one of them is protected, none is touched. */
  #endTree(root: ProcessRef): void {
    const all = pidsIn(this.#proc).flatMap(pid => readStat(this.#proc, pid) ?? [])
    const tree: ProcessStat[] = [this.check(root)]
    for (let index = 0; index < tree.length; index++) {
      const parent = tree[index]?.pid
      for (const stat of all) if (stat.parent === parent && !tree.some(({ pid }) => pid === stat.pid)) tree.push(stat)
    }
    for (const stat of tree) this.check(stat)
    for (const stat of tree.toReversed()) {
      // What ended together with its child is done.
      if (readStat(this.#proc, stat.pid)?.startTicks === stat.startTicks) this.#signal(stat, 'SIGTERM')
    }
  }

  #isProtected({ pid, parent }: ProcessStat): boolean {
    return pid <= 1 || pid === KTHREADD || parent === KTHREADD || isAgents({ pid, parent }, this.#options.servicePid)
  }
}

function attempt(run: () => void): void {
  try {
    run()
  } catch (cause) {
    throw systemRefused(cause)
  }
}

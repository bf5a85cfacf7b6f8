import { readdir, readFile } from 'node:fs/promises'

/** Linux counts CPU time in ticks of 10 ms. */
const TICK_MS = 10
const PAGE_KIB = 4

interface Process {
  readonly pid: number
  readonly parent: number
  readonly cpuMs: number
  readonly rssKib: number
}
export type ProcessTable = ReadonlyMap<number, Process>

/** A group of processes: the trees under `roots`, without the trees under `without`; with `isAlone` only the roots themselves. */
export interface ProcessGroup {
  readonly roots: readonly number[]
  readonly without?: readonly number[]
  readonly isAlone?: boolean
}

/** Every process of the machine, now. Linux only. */
export async function readProcesses(): Promise<ProcessTable> {
  const pids = (await readdir('/proc')).filter(entry => /^\d+$/.test(entry)).map(Number)
  const processes = await Promise.all(pids.map(readProcess))
  return new Map(processes.filter(process => process !== undefined).map(process => [process.pid, process]))
}

async function readProcess(pid: number): Promise<Process | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // Fields after the name in parentheses, which may hold spaces: the parent is the 2nd, utime the 12th, stime the 13th, rss the 22nd.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [parent = 0, user = 0, system = 0, rssPages = 0] = [fields[1], fields[11], fields[12], fields[21]]
    return { pid, parent, cpuMs: (user + system) * TICK_MS, rssKib: rssPages * PAGE_KIB }
  } catch {
    // It ended while it was looked at.
    return undefined
  }
}

/** Per cent of one core that a group used between two readings; what began in between counts from its start. */
export function cpuPct(before: ProcessTable, after: ProcessTable, group: ProcessGroup, elapsedMs: number): number {
  const used = membersOf(after, group).reduce((sum, { pid, cpuMs }) => sum + cpuMs - (before.get(pid)?.cpuMs ?? 0), 0)
  return (used / elapsedMs) * 100
}

export function rssMib(table: ProcessTable, group: ProcessGroup): number {
  return membersOf(table, group).reduce((sum, { rssKib }) => sum + rssKib, 0) / 1024
}

function membersOf(table: ProcessTable, { roots, without = [], isAlone = false }: ProcessGroup): Process[] {
  const isMember = (process: Process): boolean => {
    for (let at: Process | undefined = process; at; at = table.get(at.parent)) {
      if (without.includes(at.pid)) return false
      if (roots.includes(at.pid)) return !isAlone || at === process
    }
    return false
  }
  return [...table.values()].filter(isMember)
}

/** The processes that `parent` started and that live, with what started them. */
export async function childrenOf(parent: number): Promise<Array<{ pid: number; commandLine: string }>> {
  const children = [...(await readProcesses()).values()].filter(process => process.parent === parent)
  return Promise.all(
    children.map(async ({ pid }) => ({
      pid,
      commandLine: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    })),
  )
}

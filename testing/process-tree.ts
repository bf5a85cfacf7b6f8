import { readdirSync, readFileSync } from 'node:fs'

export interface Known {
  readonly pid: number
  readonly parent: number
  /** With the pid it names one process for good: numbers are used again. */
  readonly startTicks: number
}

/** `root` and every process that comes of it now; from Linux's /proc. */
export function processTree(root: number): Known[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => read(Number(name)) ?? [])
  const tree = all.filter(({ pid }) => pid === root)
  for (const known of tree) tree.push(...all.filter(({ parent }) => parent === known.pid))
  return tree
}

/** Those of them that are still there. */
export const survivors = (processes: readonly Known[]): Known[] =>
  processes.filter(({ pid, startTicks }) => read(pid)?.startTicks === startTicks)

/** Processes that were started in this session, whoever their parent is by now. */
export function processesOfSession(sessionId: string): number[] {
  const entry = `HANDHOLD_SESSION=${sessionId}`
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => readText(`/proc/${pid}/environ`).split('\0').includes(entry))
}

/** What a process was started with; empty once it is gone. */
export const commandOf = (pid: number): string[] => readText(`/proc/${pid}/cmdline`).split('\0')

/** A process as it is now; undefined once it is gone. */
export const processOf = (pid: number): Known | undefined => read(pid)

function read(pid: number): Known | undefined {
  const stat = readText(`/proc/${pid}/stat`)
  if (stat === '') return undefined
  // The name in parentheses may hold anything, so the fields are counted from its end: state, parent, …, the 20th is the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? undefined : { pid, parent: Number(fields[1]), startTicks: Number(fields[19]) }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

import { readdirSync, readFileSync, statSync } from 'node:fs'

/** What the kernel says of one process. Times are its ticks: 100 a second everywhere that Linux runs Node. */
export interface ProcessStat {
  readonly pid: number
  readonly parent: number
  readonly name: string
  readonly state: string
  readonly cpuTicks: number
  readonly nice: number
  readonly startTicks: number
  readonly memoryBytes: number
}

export const TICKS_PER_S = 100
const PAGE_BYTES = 4096

export const pidsIn = (proc: string): number[] =>
  readdirSync(proc)
    .filter(entry => /^\d+$/.test(entry))
    .map(Number)

/** Undefined for a process that is gone. */
export function readStat(proc: string, pid: number): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`${proc}/${pid}/stat`, 'utf8'))
  } catch {
    return undefined
  }
}

/** A program chooses its own name, which may hold spaces and parentheses: the fields begin after the last one. */
function parseStat(text: string): ProcessStat | undefined {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  if (open < 0 || close < open) return undefined
  const fields = text
    .slice(close + 2)
    .trim()
    .split(' ')
  const at = (field: number): number => Number(fields[field - 3] ?? Number.NaN)
  const stat = {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    state: fields[0] ?? '?',
    parent: at(4),
    cpuTicks: at(14) + at(15),
    nice: at(19),
    startTicks: at(22),
    memoryBytes: at(24) * PAGE_BYTES,
  }
  return Number.isSafeInteger(stat.pid) && Number.isSafeInteger(stat.startTicks) ? stat : undefined
}

/** The arguments, for people; empty for what has none (kernel threads). */
export function readCommand(proc: string, pid: number): string {
  try {
    return readFileSync(`${proc}/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim().slice(0, 300)
  } catch {
    return ''
  }
}

export function readUid(proc: string, pid: number): number {
  try {
    return statSync(`${proc}/${pid}`).uid
  } catch {
    return -1
  }
}

/** Names of users by number. */
export function readUsers(passwd = '/etc/passwd'): Map<number, string> {
  try {
    const lines = readFileSync(passwd, 'utf8').split('\n')
    return new Map(lines.map(line => line.split(':')).map(([name = '', , uid]) => [Number(uid), name.slice(0, 40)]))
  } catch {
    return new Map()
  }
}

import { readFileSync } from 'node:fs'
import { cpus, freemem, loadavg, totalmem, uptime } from 'node:os'
import { toDisplayLine } from '#protocol/text.ts'
import { PROCESSES_MAX } from '#protocol/tools/limits.ts'
import type { MachineFacts, ProcessRow } from '#protocol/tools/messages.ts'
import type { ProcessesChange } from '../processes.ts'
import { type ProcessStat, pidsIn, readCommand, readStat, readUid, readUsers, TICKS_PER_S } from './read-proc.ts'

/** The processor is given back after so many, so that keys typed in a terminal of the same helper don't wait for a long table. */
const AT_A_TIME = 200

/** What doesn't change while a process lives. */
interface Known {
  readonly startTicks: number
  readonly user: string
  readonly command: string
  readonly startedAtMs: number
  cpuTicks: number
  row: ProcessRow
}

/** The table of processes as it changes: each look gives what is new, what is other and what is gone. */
export class ProcessTable {
  readonly #proc: string
  readonly #isProtected: (stat: ProcessStat) => boolean
  readonly #users = readUsers()
  readonly #known = new Map<number, Known>()
  readonly #bootMs: number
  #lookedAtMs = 0
  #idle = idleShare()

  constructor(proc: string, isProtected: (stat: ProcessStat) => boolean, nowMs: number) {
    this.#proc = proc
    this.#isProtected = isProtected
    this.#bootMs = nowMs - uptime() * 1000
  }

  async look(nowMs: number): Promise<ProcessesChange> {
    const elapsedS = Math.max(0.05, (nowMs - this.#lookedAtMs) / 1000)
    this.#lookedAtMs = nowMs
    const rows: ProcessRow[] = []
    const seen = new Set<number>()
    for (const [index, pid] of pidsIn(this.#proc).slice(0, PROCESSES_MAX).entries()) {
      if (index % AT_A_TIME === AT_A_TIME - 1) await new Promise(resolve => setImmediate(resolve))
      const stat = readStat(this.#proc, pid)
      if (!stat) continue
      seen.add(pid)
      const row = this.#update(stat, elapsedS)
      if (row) rows.push(row)
    }
    const gone = [...this.#known.keys()].filter(pid => !seen.has(pid))
    for (const pid of gone) this.#known.delete(pid)
    return { rows, gone, machine: this.#machine() }
  }

  /** The row if it is new or other than it was. */
  #update(stat: ProcessStat, elapsedS: number): ProcessRow | undefined {
    const before = this.#known.get(stat.pid)
    const isSame = before?.startTicks === stat.startTicks
    const known = isSame && before ? before : this.#meet(stat)
    const cpu = isSame ? ((stat.cpuTicks - known.cpuTicks) / TICKS_PER_S / elapsedS) * 100 : 0
    known.cpuTicks = stat.cpuTicks
    const row = this.#rowOf(stat, known, Math.round(cpu * 10) / 10)
    if (isSame && isAlike(row, known.row)) return undefined
    known.row = row
    this.#known.set(stat.pid, known)
    return row
  }

  #meet(stat: ProcessStat): Known {
    const uid = readUid(this.#proc, stat.pid)
    const known = {
      startTicks: stat.startTicks,
      user: this.#users.get(uid) ?? String(uid),
      command: toDisplayLine(readCommand(this.#proc, stat.pid), 300),
      startedAtMs: Math.round(this.#bootMs + (stat.startTicks / TICKS_PER_S) * 1000),
      cpuTicks: stat.cpuTicks,
    }
    return { ...known, row: this.#rowOf(stat, known, 0) }
  }

  #rowOf(stat: ProcessStat, known: Omit<Known, 'row'>, cpu: number): ProcessRow {
    const { pid, parent, startTicks, memoryBytes, state, nice } = stat
    const { user, command, startedAtMs } = known
    const name = toDisplayLine(stat.name, 64)
    return {
      pid,
      parent,
      startTicks,
      startedAtMs,
      user,
      name,
      command,
      cpu,
      memoryBytes,
      state,
      nice,
      isProtected: this.#isProtected(stat),
    }
  }

  #machine(): MachineFacts {
    const before = this.#idle
    this.#idle = idleShare()
    const total = this.#idle.total - before.total
    const busy = total > 0 ? 1 - (this.#idle.idle - before.idle) / total : 0
    return {
      cpu: Math.round(busy * 1000) / 10,
      processors: cpus().length,
      memoryUsed: totalmem() - availableMemory(),
      memoryTotal: totalmem(),
      load: loadavg()[0] ?? 0,
      uptimeS: Math.round(uptime()),
    }
  }
}

const isAlike = (a: ProcessRow, b: ProcessRow): boolean =>
  a.cpu === b.cpu &&
  a.memoryBytes === b.memoryBytes &&
  a.state === b.state &&
  a.nice === b.nice &&
  a.parent === b.parent &&
  a.name === b.name

function idleShare(): { idle: number; total: number } {
  let idle = 0
  let total = 0
  for (const { times } of cpus()) {
    idle += times.idle
    total += times.user + times.nice + times.sys + times.idle + times.irq
  }
  return { idle, total }
}

/** What programs can still get, which is more than what nothing uses. */
function availableMemory(): number {
  try {
    const kib = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]
    return kib === undefined ? freemem() : Number(kib) * 1024
  } catch {
    return freemem()
  }
}

import { readFile } from 'node:fs/promises'

/** Linux counts CPU time in ticks of 10 ms. */
const TICK_MS = 10
const PAGE_KIB = 4

export interface ProcessUsage {
  /** Per cent of one core. */
  readonly cpuPct: number
  readonly rssMiB: number
}

/** What one process used over `durationMs`; its memory at the end. Linux only. */
export async function measureProcess(pid: number, durationMs: number): Promise<ProcessUsage> {
  const before = await readStat(pid)
  const startedAt = performance.now()
  await new Promise(resolve => setTimeout(resolve, durationMs))
  const after = await readStat(pid)
  const elapsedMs = performance.now() - startedAt
  return {
    cpuPct: Math.round(((after.cpuMs - before.cpuMs) / elapsedMs) * 10_000) / 100,
    rssMiB: Math.round(after.rssMiB * 10) / 10,
  }
}

async function readStat(pid: number): Promise<{ cpuMs: number; rssMiB: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // Fields after the name in parentheses, which may hold spaces: utime is the 12th, stime the 13th, rss the 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [user, system, rssPages] = [fields[11], fields[12], fields[21]].map(Number)
  return { cpuMs: ((user ?? 0) + (system ?? 0)) * TICK_MS, rssMiB: ((rssPages ?? 0) * PAGE_KIB) / 1024 }
}

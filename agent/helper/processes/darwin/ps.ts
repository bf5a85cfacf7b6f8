import { execFile } from 'node:child_process'
import { toDisplayLine } from '#protocol/text.ts'
import type { ListedProcess, ProcessSource } from '../listed-processes.ts'
import { SIGNALS } from '../processes.ts'

const OUTPUT_MAX_BYTES = 32 * 1024 * 1024
const WITHIN_MS = 10_000
const FIELDS = ['pid', 'ppid', 'nice', 'state', 'rss', 'time', 'lstart', 'user', 'command'] as const

/** pid, parent, nice, state, KiB, processor time, five words of the start, user, command. */
const LINE =
  /^\s*(\d+)\s+(\d+)\s+(-?\d+)\s+(\S+)\s+(\d+)\s+([\d:.-]+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]{8}\s+\d{4})\s+(\S+)\s+(.*)$/

/** What `ps` prints of these fields in the language C. A line that is none is left out. */
export function parsePs(text: string): ListedProcess[] {
  return text.split('\n').flatMap(line => {
    const [, pid, parent, nice, state, kib, time, started, user, command = ''] = LINE.exec(line) ?? []
    const startedAtMs = Date.parse(`${started}`)
    if (pid === undefined || Number.isNaN(startedAtMs)) return []
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        startTicks: Math.floor(startedAtMs / 1000),
        startedAtMs,
        user: (user ?? '').slice(0, 40),
        name: toDisplayLine(nameIn(command), 64),
        command: toDisplayLine(command, 300),
        memoryBytes: Number(kib) * 1024,
        state: (state ?? '').slice(0, 1),
        nice: Number(nice),
        cpuMs: timeMs(time ?? ''),
      },
    ]
  })
}

/** `12:34.56`, `1:02:03`, `2-03:04:05`. */
function timeMs(text: string): number {
  const [days, rest] = text.includes('-') ? text.split('-') : ['0', text]
  const seconds = (rest ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return Math.round((Number(days) * 86_400 + seconds) * 1000)
}

/** The last part of the program's path. */
const nameIn = (command: string): string => command.split(' -')[0]?.split('/').at(-1) ?? command

export const darwinSource: ProcessSource = {
  list: () =>
    new Promise((resolve, reject) => {
      const args = ['-axww', ...FIELDS.flatMap(field => ['-o', `${field}=`])]
      const options = { env: { LANG: 'C', LC_ALL: 'C' }, timeout: WITHIN_MS, maxBuffer: OUTPUT_MAX_BYTES }
      execFile('/bin/ps', args, options, (error, stdout) => (error ? reject(error) : resolve(parsePs(stdout))))
    }),
  // launchd, and the kernel's own entry.
  isProtected: ({ pid }) => pid <= 1,
  signal: (pid, verb) => void process.kill(pid, SIGNALS[verb]),
}

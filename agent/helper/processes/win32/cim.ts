import { execFile } from 'node:child_process'
import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import { toDisplayLine } from '#protocol/text.ts'
import type { ListedProcess, ProcessSource } from '../listed-processes.ts'

const OUTPUT_MAX_BYTES = 64 * 1024 * 1024
const WITHIN_MS = 20_000

/** Nothing of anybody's stands in it. Times are in units of 100 ns, as Windows counts them. */
const QUERY = [
  "$ErrorActionPreference = 'Stop'",
  '[Console]::OutputEncoding = [Text.Encoding]::UTF8',
  'ConvertTo-Json -Compress -InputObject @(Get-CimInstance Win32_Process | ForEach-Object { [pscustomobject]@{' +
    'pid = $_.ProcessId; parent = $_.ParentProcessId; name = $_.Name; command = $_.CommandLine; memory = $_.WorkingSetSize;' +
    'cpu = $_.KernelModeTime + $_.UserModeTime; priority = $_.Priority;' +
    'started = $(if ($_.CreationDate) { $_.CreationDate.ToFileTimeUtc() } else { 0 }) } })',
].join('; ')

/** Without these the machine stops, or nobody signs in any more. */
const SYSTEMS = new Set(
  ['system', 'registry', 'smss.exe', 'csrss.exe', 'wininit.exe', 'winlogon.exe', 'services.exe', 'lsass.exe'].concat(
    'lsaiso.exe',
    'memory compression',
    'secure system',
  ),
)

const number = z
  .number()
  .nullable()
  .transform(value => value ?? 0)
const rowsSchema = z.array(
  z.object({
    ...{ pid: z.number().int().min(0), parent: number, name: z.string().nullable(), command: z.string().nullable() },
    ...{ memory: number, cpu: number, priority: number, started: number },
  }),
)

/** 1601-01-01, where Windows' file times begin, to 1970-01-01. */
const EPOCH_OFFSET_MS = 11_644_473_600_000

/** What the query prints. Throws `tool-unavailable` for anything else. */
export function parseCim(text: string): ListedProcess[] {
  let rows: z.infer<typeof rowsSchema>
  try {
    rows = rowsSchema.parse(JSON.parse(text.replace(/^\uFEFF/, '')))
  } catch (cause) {
    throw new HandholdError('tool-unavailable', 'Windows answered in a way that isn’t known here.', { cause })
  }
  return rows.map(({ pid, parent, name, command, memory, cpu, priority, started }) => ({
    pid,
    parent,
    // Milliseconds since 1601, which no two processes of one number share.
    startTicks: Math.floor(started / 10_000),
    startedAtMs: started === 0 ? 0 : Math.floor(started / 10_000) - EPOCH_OFFSET_MS,
    user: '',
    name: toDisplayLine(name ?? '', 64),
    command: toDisplayLine(command ?? '', 300),
    memoryBytes: memory,
    state: '',
    // Windows' 4 to 24 around 8, as the Unix that the table speaks.
    nice: Math.max(-20, Math.min(19, 8 - priority)),
    cpuMs: Math.floor(cpu / 10_000),
  }))
}

export function windowsSource(root = 'C:\\Windows'): ProcessSource {
  const system = `${root}\\System32`
  const run = (program: string, args: readonly string[]) =>
    new Promise<string>((resolve, reject) => {
      const options = { env: { SystemRoot: root, Path: system }, timeout: WITHIN_MS, maxBuffer: OUTPUT_MAX_BYTES }
      execFile(program, [...args], { ...options, windowsHide: true }, (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      )
    })
  return {
    async list() {
      const shell = `${system}\\WindowsPowerShell\\v1.0\\powershell.exe`
      return parseCim(await run(shell, ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', QUERY]))
    },
    isProtected: ({ pid, name }) => pid === 0 || pid === 4 || SYSTEMS.has(name.toLowerCase()),
    async signal(pid, verb) {
      if (verb === 'suspend' || verb === 'resume')
        throw new HandholdError('tool-unavailable', 'Windows doesn’t suspend a process.')
      await run(`${system}\\taskkill.exe`, ['/PID', String(pid), ...(verb === 'force-end' ? ['/F'] : [])])
    },
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { processTree, survivors } from '#testing/process-tree.ts'
import { waitFor } from '#testing/wait-for.ts'
import { systemClock } from '../../../links/clock.ts'
import { LinuxProcesses } from './linux-processes.ts'
import { readStat } from './read-proc.ts'

/** More than any process of this machine has: where a check failed, nothing real would be hit. */
const SERVICE = 5_000_000

let proc: string
let victim: ChildProcess | undefined
beforeEach(async () => {
  proc = await mkdtemp(join(tmpdir(), 'handhold-proc-'))
})
afterEach(async () => {
  victim?.kill('SIGKILL')
  victim = undefined
  await rm(proc, { recursive: true })
})

/** A process as the kernel tells it; each started at tick 100. */
async function add(pid: number, parent: number, name = 'x'): Promise<void> {
  await mkdir(join(proc, String(pid)))
  const zeros = (count: number) => Array(count).fill('0').join(' ')
  await writeFile(
    join(proc, `${pid}/stat`),
    `${pid} (${name}) S ${parent} ${zeros(14)} 0 ${zeros(2)} 100 0 7 ${zeros(20)}\n`,
  )
}
const ref = (pid: number, startTicks = 100) => ({ pid, startTicks })
const code = (run: () => unknown): string => {
  try {
    run()
    return 'done'
  } catch (thrown) {
    return (thrown as { code: string }).code
  }
}

describe('a process', () => {
  it('A85 that is init, the kernel’s, the agent, its child or the helper is left alone, whatever is asked', async () => {
    const processes = new LinuxProcesses({ clock: systemClock, servicePid: SERVICE, proc })
    await add(1, 0)
    await add(2, 0, 'kthreadd')
    await add(5_000_100, 2, 'kworker/0:1')
    await add(SERVICE, 1)
    await add(5_000_200, SERVICE, 'host')
    await add(process.pid, 1, 'helper')
    for (const pid of [1, 2, 5_000_100, SERVICE, 5_000_200, process.pid])
      for (const verb of ['end', 'force-end', 'end-tree', 'suspend', 'resume'] as const)
        expect([pid, code(() => processes.act({ verb, process: ref(pid) }))]).toEqual([pid, 'process-protected'])
    expect(code(() => processes.act({ verb: 'priority', process: ref(SERVICE), nice: 5 }))).toBe('process-protected')
  })

  it('A85 that has the number of another one by now is left alone, and one that is gone', async () => {
    const processes = new LinuxProcesses({ clock: systemClock, servicePid: SERVICE, proc })
    await add(5_000_300, 1)
    for (const [pid, startTicks] of [
      [5_000_300, 99],
      [5_000_300, 101],
      [5_000_301, 100],
      [0, 0],
    ] as const)
      expect(code(() => processes.act({ verb: 'force-end', process: ref(pid, startTicks) }))).toBe('process-changed')
    expect(code(() => processes.folderOf(ref(5_000_300, 99)))).toBe('process-changed')
  })

  it('A85 with the agent somewhere beneath it isn’t ended with its tree', async () => {
    const processes = new LinuxProcesses({ clock: systemClock, servicePid: SERVICE, proc })
    await add(5_000_400, 1)
    await add(5_000_401, 5_000_400)
    await add(SERVICE, 5_000_401)
    expect(code(() => processes.act({ verb: 'end-tree', process: ref(5_000_400) }))).toBe('process-protected')
  })

  it('A83 may call itself anything: its name is not read as its facts', async () => {
    await add(5_000_500, 1, 'a) S 2 (b c')
    expect(readStat(proc, 5_000_500)).toMatchObject({ name: 'a) S 2 (b c', parent: 1, startTicks: 100 })
  })

  it('is given another priority, suspended, resumed and force-ended', async () => {
    // Deaf to being asked: only the kernel's own signals reach it.
    victim = spawn('/bin/sh', ['-c', 'trap "" TERM HUP INT; while :; do sleep 0.1; done'])
    const pid = victim.pid ?? 0
    const stat = () => readStat('/proc', pid)
    await waitFor('it', () => stat() !== undefined)
    const processes = new LinuxProcesses({ clock: systemClock, servicePid: SERVICE })
    const victimRef = { pid, startTicks: stat()?.startTicks ?? 0 }
    processes.act({ verb: 'priority', process: victimRef, nice: 10 })
    expect(stat()?.nice).toBe(10)
    processes.act({ verb: 'suspend', process: victimRef })
    await waitFor('its stop', () => stat()?.state === 'T')
    processes.act({ verb: 'resume', process: victimRef })
    await waitFor('its going on', () => stat()?.state !== 'T')
    processes.act({ verb: 'force-end', process: victimRef })
    await waitFor('its end', () => stat() === undefined)
    expect(code(() => processes.act({ verb: 'resume', process: victimRef }))).toBe('process-changed')
  })

  it('is ended with what it started, children first', async () => {
    victim = spawn('/bin/sh', ['-c', 'sleep 300 & sleep 300 & wait'])
    await waitFor('its children', () => processTree(victim?.pid ?? 0).length === 3)
    const tree = processTree(victim.pid ?? 0)
    const [root] = tree
    if (!root) throw new Error('it is gone')
    new LinuxProcesses({ clock: systemClock, servicePid: SERVICE }).act({ verb: 'end-tree', process: root })
    await waitFor('all of them to be gone', () => survivors(tree).length === 0)
  })
})

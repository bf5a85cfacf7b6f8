import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { endStrays } from './strays.ts'

const SERVICE = 4_100_000
const GROUP = '0::/system.slice/handhold-agent.service\n'
let proc: string
let processes: ChildProcess[]
beforeEach(async () => {
  proc = await mkdtemp(join(tmpdir(), 'handhold-proc-'))
  processes = []
  await list(SERVICE, { parent: 1 })
})
afterEach(async () => {
  for (const child of processes) child.kill('SIGKILL')
  await rm(proc, { recursive: true })
})

/** As the kernel has it, with a name that looks like the fields after it. */
async function list(pid: number, { parent, group = GROUP }: { parent: number; group?: string }): Promise<void> {
  await mkdir(join(proc, String(pid)))
  await writeFile(join(proc, String(pid), 'cgroup'), group)
  await writeFile(join(proc, String(pid), 'stat'), `${pid} (a) S ${SERVICE} (b) S ${parent} ${pid} ${pid} 0 -1`)
}
/** A process that lives; what the list says of it is the test's. */
async function add(entry: { parent: number; group?: string }): Promise<ChildProcess> {
  const child = spawn('sleep', ['1000'])
  processes.push(child)
  await list(child.pid ?? 0, entry)
  return child
}
const end = (systemdPid: string | undefined = String(SERVICE)) => endStrays({ pid: SERVICE, systemdPid, proc })
const isAlive = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null

it('A72 ends what has no parent any more in the service’s control group, with what that started, and nothing else', async () => {
  const host = await add({ parent: SERVICE })
  const shell = await add({ parent: host.pid ?? 0 })
  const elsewhere = await add({ parent: 1, group: '0::/system.slice/cron.service\n' })
  // Of one that was started while the list was read.
  const ofUnknown = await add({ parent: SERVICE + 1 })
  const stray = await add({ parent: 1 })
  const itsChild = await add({ parent: stray.pid ?? 0 })
  const gone = [stray, itsChild].map(child => once(child, 'exit'))
  expect(end()).toBe(2)
  await Promise.all(gone)
  expect([host, shell, elsewhere, ofUnknown].map(isAlive)).toEqual([true, true, true, true])
})

it('ends nothing where the control group isn’t the service’s own: it was started by hand, or by another service', async () => {
  const other = await add({ parent: 1 })
  expect([end(''), end('1'), endStrays({ pid: SERVICE, systemdPid: undefined, proc })]).toEqual([0, 0, 0])
  expect(isAlive(other)).toBe(true)
})

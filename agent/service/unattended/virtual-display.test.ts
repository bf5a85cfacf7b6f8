import { existsSync, statSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { idFromBytes } from '#protocol/ids.ts'
import { listenersOf } from '#testing/listeners.ts'
import { TestPolicy } from '#testing/policy.ts'
import { processesOfSession, processTree } from '#testing/process-tree.ts'
import { UnattendedOperator } from '#testing/unattended-operator.ts'
import { type KioskDevice, openUnattendedWorld, type UnattendedWorld } from '#testing/unattended-world.ts'
import { waitFor } from '#testing/wait-for.ts'
import { systemClock } from '../../links/clock.ts'
import { selectPlatform } from '../../platform/index.ts'
import { endSessionProcesses } from './session-processes.ts'
import { VirtualDisplays } from './virtual-display.ts'

const environment = { PATH: '/usr/bin:/bin' }
const make = (program?: string) =>
  new VirtualDisplays({
    environment,
    user: undefined,
    clock: systemClock,
    onLine: () => undefined,
    ...(program && { program }),
  })
const sessionId = (fill: number) => idFromBytes('session', new Uint8Array(16).fill(fill))
const foldersOf = async (id: string, parent = tmpdir()) => (await readdir(parent)).filter(name => name.includes(id))
const socketOf = (address: string) => `/tmp/.X11-unix/X${address.slice(1)}`

describe('a display of a session’s own', () => {
  it('is one, asks for its cookie, has a file that nobody else can read, and is gone when it is closed', async () => {
    const displays = make()
    const id = sessionId(1)
    const access = await displays.open(id)
    expect(await displays.open(id)).toEqual(access)
    expect(statSync(access.authority).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(access.authority)).mode & 0o777).toBe(0o700)
    // This test has no cookie for it.
    await expect(selectPlatform('linux').openDesktop(access)).rejects.toMatchObject({ code: 'display-denied' })
    const servers = processesOfSession(id)
    expect(servers).toHaveLength(1)
    expect(listenersOf(servers)).toEqual([])
    expect(existsSync(socketOf(access.address))).toBe(true)
    expect([await displays.close(id), await displays.close(id)]).toEqual([true, false])
    expect([processesOfSession(id), await foldersOf(id), existsSync(socketOf(access.address))]).toEqual([[], [], false])
  })

  it('A72 that a run before left behind is swept away, its socket too', async () => {
    const id = sessionId(2)
    const { address } = await make().open(id)
    expect(endSessionProcesses(id)).toBe(1)
    await make().sweep(id)
    await waitFor('its server to be gone', () => processesOfSession(id).length === 0)
    expect([await foldersOf(id), existsSync(socketOf(address))]).toEqual([[], false])
  })

  it('A72 of another server nothing is swept away, though it has the same number', async () => {
    const displays = make()
    const { address, authority } = await displays.open(sessionId(4))
    const id = sessionId(5)
    const folder = dirname(authority).replace(sessionId(4), id)
    await mkdir(folder)
    await writeFile(join(folder, 'number'), address.slice(1))
    await make().sweep(id)
    expect([await foldersOf(id), existsSync(socketOf(address))]).toEqual([[], true])
    await displays.close(sessionId(4))
  })

  it('is refused with the reason where there is no Xvfb, and leaves nothing', async () => {
    const id = sessionId(3)
    await expect(make('/usr/bin/no-such-server').open(id)).rejects.toThrow('Xvfb')
    await expect(make('/bin/false').open(id)).rejects.toThrow('Xvfb')
    expect(await foldersOf(id)).toEqual([])
  })
})

describe('a server without a display, where the policy gives it one', () => {
  let world: UnattendedWorld
  let device: KioskDevice
  beforeEach(async () => {
    world = await openUnattendedWorld({ isHeadless: true })
    const policy = new TestPolicy(world.relay, world.token)
    await policy.set(await policy.rootId(), { virtualDisplay: true, maintenanceScreen: true })
    device = await world.addDevice()
  })
  afterEach(() => world.close())

  it('shows it, with what the session’s shell starts there, also to who comes back; the end takes it away', async () => {
    const scopes = ['view', 'control', 'shell'] as const
    const operator = await UnattendedOperator.ask(world.relay, device.token, { ...device, scopes })
    await operator.enter(await operator.withPassword(await operator.password()))
    await operator.peer.picture(({ width, height }) => width === 1920 && height === 1080)
    await operator.unlock('shell')
    operator.command({ type: 'open', tool: 'shell', request: 1, shell: 'sh', columns: 80, rows: 24 })
    await operator.peer.message('tools', message => JSON.stringify(message).includes('"opened"'))
    const start = 'setsid xterm -geometry 40x10+100+100 -bg rgb:10/c0/10 -fg rgb:10/c0/10 &\n'
    operator.command({ type: 'input', tool: 'shell', terminal: 1, data: start })
    const isGreen = ({ red, green, blue }: { red: number; green: number; blue: number }) =>
      [red, green, blue].join() === '16,192,16'
    await operator.peer.picture(picture => isGreen(picture.at(130, 130)))
    const heard = operator.heard
    await operator.leave()
    await operator.enter(await operator.withResumeKey(heard))
    await operator.peer.picture(({ width }) => width === 1920)
    expect(listenersOf(processTree(device.agent.program.pid).map(({ pid }) => pid))).toEqual([])
    // The policy's maintenance screen is for people who pass by.
    expect(device.agent.lines.join()).not.toContain('phase')
    await operator.end()
    await operator.reached('closed')
    await waitFor('all of it to be gone', () => processesOfSession(operator.sessionId).length === 0)
    expect(await foldersOf(operator.sessionId, device.runtimeDir)).toEqual([])
    const { body } = await world.relay.call('GET', '/v1/audit', { token: world.token })
    expect(JSON.stringify(body)).toContain('virtual display')
    await operator.close()
  })

  it('A72 a service that is killed leaves a display to nobody: the next start ends it', async () => {
    const operator = await UnattendedOperator.ask(world.relay, device.token, device)
    await operator.enter(await operator.withPassword(await operator.password()))
    await operator.peer.picture(({ width }) => width === 1920)
    const [name = ''] = await foldersOf(operator.sessionId, device.runtimeDir)
    const folder = join(device.runtimeDir, name)
    const number = await readFile(join(folder, 'number'), 'utf8')
    process.kill(device.agent.program.pid, 'SIGKILL')
    await device.agent.program.exited
    await device.start()
    await waitFor('its processes to be gone', () => processesOfSession(operator.sessionId).length === 0)
    await waitFor('its files to be gone', () => !existsSync(folder) && !existsSync(socketOf(`:${number}`)))
    await operator.close()
  })
})

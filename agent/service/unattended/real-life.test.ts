import { readdir } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReceivedPicture } from '#testing/answering-peer.ts'
import { CLICKED, RESTING, startKioskPage, TYPED } from '#testing/kiosk-page.ts'
import { connectionsOf, listenersOf } from '#testing/listeners.ts'
import { processesOfSession, processTree, survivors } from '#testing/process-tree.ts'
import { SHORT_TIMES } from '#testing/short-times.ts'
import { tracesOf } from '#testing/traces.ts'
import { UnattendedOperator } from '#testing/unattended-operator.ts'
import { type KioskDevice, openUnattendedWorld, type UnattendedWorld } from '#testing/unattended-world.ts'
import { waitFor } from '#testing/wait-for.ts'
import { startWindowManager } from '#testing/window-manager.ts'

// In real time, with doors that stay open for seconds instead of minutes: another composition of the same service.
let world: UnattendedWorld
let device: KioskDevice
let operator: UnattendedOperator
beforeEach(async () => {
  world = await openUnattendedWorld()
  device = await world.addDevice()
  operator = await UnattendedOperator.ask(world.relay, world.token, { deviceId: device.deviceId })
})
afterEach(async () => {
  await operator.close()
  await world.close()
})

const stateFiles = () => readdir(device.stateDir)
const isShut = async () => !(await stateFiles()).includes('unattended.json')
const audit = async () => JSON.stringify((await world.relay.call('GET', '/v1/audit', { token: world.token })).body)

/** A word of the app's to the device may take this long on a busy machine. */
const ON_THE_WAY_MS = 2_500
const SPOT = { x: 160, y: 120 }
const button = (pressed: boolean) => ({ type: 'pointer-button', button: 0, pressed, ...SPOT })
const CLICK = [{ type: 'pointer-move', ...SPOT }, button(true), button(false)]
const LETTER = [true, false].map(pressed => ({ type: 'key', code: 'KeyK', pressed }))

async function withPage(live: () => Promise<void>): Promise<void> {
  const windowManager = await startWindowManager(device.display ?? '')
  const page = await startKioskPage(device.display ?? '')
  try {
    await live()
  } finally {
    await page.stop()
    await windowManager.stop()
  }
}

const shows =
  ([red, green, blue]: readonly number[]) =>
  (picture: ReceivedPicture) =>
    isDeepStrictEqual(picture.at(SPOT.x, SPOT.y), { red, green, blue })

/** Until the page shows it: the host hears on a way of its own that the operator looks, and what comes before that goes nowhere. */
async function steer(input: readonly object[], colour: readonly number[]): Promise<void> {
  let isShown = false
  const shown = operator.peer.picture(shows(colour)).then(() => {
    isShown = true
  })
  await waitFor('the page to do it', () => {
    if (!isShown) for (const message of input) operator.peer.send('input', message)
    return isShown
  })
  await shown
}

async function leave() {
  const { heard } = operator
  const atMs = performance.now()
  await operator.leave()
  return { heard, atMs }
}

const until = (atMs: number) => new Promise(resolve => setTimeout(resolve, atMs - performance.now()))

describe('a kiosk in real time', () => {
  it('A72 its page over the whole display is steered; its operator is back just before the deadline by the resume key and refused just after it, and nothing is kept', async () => {
    await withPage(async () => {
      const tree = () => processTree(device.agent.program.pid)
      const listeners = () => listenersOf(tree().map(({ pid }) => pid))
      expect(listeners()).toEqual([])
      expect(connectionsOf(device.agent.program.pid)).toBe(1)
      await operator.enter(await operator.withPassword(await operator.password()))
      await operator.peer.picture(shows(RESTING))
      await steer(CLICK, CLICKED)
      await steer(LETTER, TYPED)
      const inSession = tree()
      // Its only way is through the relay: connections of the host's to it, and no socket of any kind that takes what others send.
      expect(listeners()).toEqual([])
      const [host = 0] = processesOfSession(operator.sessionId)
      expect(connectionsOf(host)).toBeGreaterThan(0)

      const left = await leave()
      expect(survivors(inSession)).toHaveLength(1)
      expect(listeners()).toEqual([])
      const ready = await operator.withResumeKey(left.heard)
      await until(left.atMs + SHORT_TIMES.lingerMs - ON_THE_WAY_MS)
      await operator.enter(ready)
      await operator.peer.picture(shows(TYPED))
      await steer(CLICK, CLICKED)

      const leftAgain = await leave()
      const late = await operator.withResumeKey(leftAgain.heard)
      await operator.reached('closed')
      expect(performance.now() - leftAgain.atMs).toBeGreaterThan(SHORT_TIMES.lingerMs - ON_THE_WAY_MS)
      expect(performance.now() - leftAgain.atMs).toBeLessThan(SHORT_TIMES.lingerMs + 5_000)
      await expect(operator.join(late)).rejects.toMatchObject({ code: expect.stringMatching(/session-closed|illegal/) })
      expect((await stateFiles()).sort()).toEqual(['boots.json', 'help.sock', 'identity.json', 'notice.json'])
      expect(processesOfSession(operator.sessionId)).toEqual([])
      expect(listeners()).toEqual([])
      expect(await audit()).toContain('key for coming back')
    })
  })

  it.each(['otp-issued', 'active', 'lingering'] as const)(
    'A72 kill -9 of the service while it is %s: its children go, and a start shuts the door in time',
    async moment => {
      if (moment !== 'otp-issued') await operator.enter(await operator.withPassword(await operator.password()))
      else await operator.password()
      if (moment === 'lingering') await operator.leave()
      const before = processTree(device.agent.program.pid)
      process.kill(device.agent.program.pid, 'SIGKILL')
      await device.agent.program.exited
      await waitFor('its processes to be gone', () => survivors(before).length === 0)
      await device.start()
      await waitFor('the door to be shut', isShut, SHORT_TIMES.firstUseMs + 8_000)
      expect(processesOfSession(operator.sessionId)).toEqual([])
      await operator.reached('closed')
    },
  )

  it('A72 a host that hangs when the service is killed is ended by the next start', async () => {
    await operator.enter(await operator.withPassword(await operator.password()))
    const [service, ...children] = processTree(device.agent.program.pid)
    for (const { pid } of children) process.kill(pid, 'SIGSTOP')
    if (service) process.kill(service.pid, 'SIGKILL')
    await device.agent.program.exited
    expect(survivors(children)).toHaveLength(children.length)
    await device.start()
    await waitFor('them to be gone', () => survivors(children).length === 0)
  })

  it('A68 fifty right proofs through the relay at once let one in', async () => {
    const password = await operator.password()
    const ready = await operator.manyWithPassword(password, 50)
    const tries = await Promise.allSettled(ready.map(join => operator.join(join)))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(processesOfSession(operator.sessionId)).toHaveLength(1)
    expect((await audit()).match(/"session\.armed"/g)).toHaveLength(1)
  })

  it('A73 A115 the password is in no file, log, argument, environment or last word of a crash', async () => {
    const password = await operator.password()
    const search = async () => {
      const pids = [device.agent.program.pid]
      const folders = [world.relay.dataDir, device.stateDir, device.runtimeDir]
      const texts = [...device.agent.lines, await audit()]
      // Of the session, and not of an empty folder or log.
      for (const words of ['agent started', 'session.otp-issued']) expect(texts.join()).toContain(words)
      expect(await readdir(world.relay.dataDir)).toContain('relay.db-wal')
      expect(await tracesOf(password, { pids, folders, texts })).toEqual([])
    }
    await search()
    await operator.enter(await operator.withPassword(password))
    await search()
    process.kill(device.agent.program.pid, 'SIGABRT')
    await device.agent.program.exited
    await search()
    await device.start()
    await waitFor('the door to be shut', isShut, SHORT_TIMES.firstUseMs + 8_000)
    await search()
  })
})

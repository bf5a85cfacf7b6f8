import { readdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { connectionsOf, isOutsideLoopback, listenersOf } from '../../testing/listeners.ts'
import { type Known, processesOfSession, processTree, survivors } from '../../testing/process-tree.ts'
import { UNHURRIED_TIMES } from '../../testing/short-times.ts'
import { UnattendedOperator } from '../../testing/unattended-operator.ts'
import type { KioskDevice, UnattendedWorld } from '../../testing/unattended-world.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { LIFE_STEPS, liveThrough } from './life.ts'
import { chooseVictim, processesOf, type Victim } from './victims.ts'

/** About what a step takes. */
const WITHIN_STEP_MS = 1_500
/** Far more than all of them take, on a machine that does other things too. */
const LIFE_MAX_MS = 30_000
/** How long the device is off. */
const OFF_MAX_MS = 1_500
/** What a device keeps for good: its key, how often it started, whether people know, what its shells printed; and the socket by which its person asks for help, which is there whenever the service is. */
const KEPT = new Set(['identity.json', 'boots.json', 'notice.json', 'help.sock', 'recordings'])
/** Where all of a desktop's programs keep their settings' locks. */
const OF_THE_DESKTOP = new Set(['dconf'])
/** A killed service's children hear of it and go; a browser among them may take a while and write until then, and what it wrote is looked for again. */
const GONE_WITHIN_MS = 20_000

export interface KillRun {
  /** Why the session ended before anything was killed, on a machine that is too slow for it for instance: then nothing is shown by it. */
  readonly cutShort: string | null
  readonly victim: Victim
  /** How the session was. */
  readonly moment: string
  /** From the kill to the door being shut; 0 where nobody could come back when the device was there again. */
  readonly armedMs: number
  /** What was there afterwards and shouldn't have been. */
  readonly left: readonly string[]
}

/** One session, killed at a random moment of its life; then the device starts again and is left alone. */
export async function killRun({ relay }: UnattendedWorld, device: KioskDevice, random: () => number): Promise<KillRun> {
  const scopes = ['view', 'control', 'shell'] as const
  const operator = await UnattendedOperator.ask(relay, await device.signIn(), { ...device, scopes })
  const killed = new AbortController()
  // By its steps and not by the clock: how long each takes is the machine's.
  const fatal = Promise.withResolvers<void>()
  let isChosen = false
  let stepsLeft = Math.floor(random() * LIFE_STEPS)
  let cutShort: string | null = null
  const steps = liveThrough(operator, killed.signal, () => {
    if (stepsLeft-- === 0) fatal.resolve()
  })
  const over = operator.reached('closed').then(() => Promise.reject(new Error('the session is over')))
  // A step that waits for what doesn't come any more ends with the session.
  const life = Promise.race([steps, over]).catch(thrown => {
    if (!isChosen) cutShort = `${operator.stateName}: ${thrown}`
  })
  await Promise.race([fatal.promise, life, sleep(LIFE_MAX_MS)])
  await sleep(random() * WITHIN_STEP_MS)
  isChosen = true
  const processes = processesOf(device.agent.program.pid, operator.sessionId)
  const displays = await displaysOf(device)
  const { victim, pid } = chooseVictim(processes, random) ?? { victim: 'service' }
  const moment = operator.stateName ?? 'requested'
  if (moment === 'closed') cutShort ??= moment
  killIfThere(pid)
  let awaySinceMs = performance.now()
  const heard = operator.heard
  // Whoever was in is away from this moment on, and doesn't come back.
  killed.abort()
  if (victim === 'service') {
    await device.agent.program.exited
    await sleep(random() * OFF_MAX_MS)
    await device.start()
  }
  // A step that was under way may still bring them in: then they go for good.
  const lingers = operator.reached('lingering', heard).then(() => {
    // Whoever was on their way in is away only when the device gives them up.
    if (victim !== 'service') awaySinceMs = performance.now()
  })
  const settled = [life, lingers, operator.reached('closed')]
  await Promise.race(settled.map(step => step.catch(() => undefined)))
  if (operator.stateName === 'active') {
    // What was killed may be the session's end, of which the relay hears now.
    await Promise.race([operator.leave(), operator.reached('closed')]).catch(() => undefined)
    awaySinceMs = performance.now()
  }
  // While it was off, nothing was open.
  const isOpen = (await doorOf(device)).phase === 'resume'
  const limitMs = UNHURRIED_TIMES.firstUseMs + 2 * UNHURRIED_TIMES.lingerMs + LIFE_MAX_MS
  await waitFor('the door to be shut', async () => (await doorOf(device)).phase === null, limitMs)
  const armedMs = isOpen ? performance.now() - awaySinceMs : 0
  await waitFor('the teardown', async () => (await doorOf(device)).isClean)
  await operator.reached('closed')
  await operator.close()
  await life
  return {
    cutShort,
    victim,
    moment,
    armedMs,
    left: await leftBy(device, operator.sessionId, {
      processes:
        victim === 'service' && processes.service ? [processes.service, ...processes.others] : processes.others,
      displays,
    }),
  }
}

interface Before {
  readonly processes: readonly Known[]
  /** Sockets of the displays in memory. */
  readonly displays: readonly string[]
}

/** What was chosen may have ended by itself. */
function killIfThere(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  } catch {
    // ESRCH: then nothing was killed, and the session must end as well as any.
  }
}

async function displaysOf({ runtimeDir }: KioskDevice): Promise<string[]> {
  const folders = (await readdir(runtimeDir)).filter(name => name.startsWith('handhold-display-'))
  const numbers = await Promise.all(
    folders.map(name => readFile(join(runtimeDir, name, 'number'), 'utf8').catch(() => '')),
  )
  return numbers.filter(number => number !== '').map(number => `/tmp/.X11-unix/X${number}`)
}

/** Whether nobody answers there any more, though it is there. Its number may be another server's by now. */
const isLeftover = (path: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(path, () => resolve(false))
    socket.once('error', error => resolve('code' in error && error.code === 'ECONNREFUSED'))
    socket.once('close', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

async function leftBy(device: KioskDevice, sessionId: string, before: Before): Promise<string[]> {
  const processes = () => [...survivors(before.processes).map(({ pid }) => pid), ...processesOfSession(sessionId)]
  const service = device.agent.program.pid
  const listeners = () => listenersOf(processTree(service).map(({ pid }) => pid)).filter(isOutsideLoopback)
  const files = async () => [
    ...(await readdir(device.stateDir)).filter(name => !KEPT.has(name)),
    ...(await readdir(device.runtimeDir)).filter(name => !OF_THE_DESKTOP.has(name)),
  ]
  const isClean = async () => processes().length + listeners().length + (await files()).length === 0
  await waitFor('all of it to be gone', isClean, GONE_WITHIN_MS).catch(() => undefined)
  const leftDisplays: string[] = []
  for (const path of before.displays) if (await isLeftover(path)) leftDisplays.push(`socket ${path}`)
  return [
    ...leftDisplays,
    ...processes().map(pid => `process ${pid}`),
    ...(await files()).map(name => `file ${name}`),
    ...listeners().map(({ protocol, address }) => `socket ${protocol} ${address}`),
    ...(connectionsOf(service) > 1 ? ['socket: more than the connection to the relay'] : []),
  ]
}

/** The device's door as its state file has it, and whether there is anything else in that file. */
async function doorOf({
  stateDir,
}: KioskDevice): Promise<{ readonly phase: string | null; readonly isClean: boolean }> {
  const text = await readFile(join(stateDir, 'unattended.json'), 'utf8').catch(() => '')
  const phase = text === '' ? null : (JSON.parse(text).armed?.phase ?? null)
  return { phase, isClean: text === '' }
}

const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

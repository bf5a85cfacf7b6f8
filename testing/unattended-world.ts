import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { meReplySchema } from '#protocol/http.ts'
import { startTestAgent, type TestAgent, type TestAgentOptions } from './agent.ts'
import { findFreePort } from './free-port.ts'
import { TestPolicy } from './policy.ts'
import { TestRelay } from './relay.ts'
import { waitFor } from './wait-for.ts'
import { startXDisplay, type XDisplay } from './x-display.ts'

/**
 * A device of the world: the agent service as a process of its own, whose doors stay open for seconds instead of minutes; or for the product's times by a
 * clock that the test runs ahead.
 */
export interface KioskDevice {
  readonly deviceId: string
  /** Of an operator who has nothing to do with any other device: what they ask for is limited by person. */
  readonly token: string
  /** That operator once more: what tools want is a proof of who they are that isn't old. */
  signIn(): Promise<string>
  readonly stateDir: string
  /** Undefined where it has none. */
  readonly display: string | undefined
  /** Where its programs put what they need while they run. */
  readonly runtimeDir: string
  readonly agent: TestAgent
  /** Starts the agent again after it died. */
  start(): Promise<void>
  /** Only of a device that `isShifted`. */
  runAhead(ms: number): Promise<void>
}

interface DeviceOptions extends Pick<TestAgentOptions, 'consent'> {
  readonly isShifted?: boolean
  /** Which of the shorter times its doors have. */
  readonly pace?: 'short' | 'unhurried'
  /** The program that locks its desktop. */
  readonly loginctl?: string
  /** Its people have read that nobody asks them: no window says so when the agent starts. */
  readonly isTold?: boolean
  /** A display of its own in the place of the world's. */
  readonly screen?: { readonly width: number; readonly height: number }
}

export interface UnattendedWorld {
  readonly relay: TestRelay
  readonly token: string
  addDevice(options?: DeviceOptions): Promise<KioskDevice>
  /** The relay ends and starts again where it was; resolves when all devices are back. */
  restartRelay(): Promise<void>
  close(): Promise<void>
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const CONNECTED = 'the relay is connected'

/** A relay, a display (without one when it is headless), and devices on it where nobody is and sessions without a person are allowed. */
export async function openUnattendedWorld({ isHeadless = false } = {}): Promise<UnattendedWorld> {
  const display = isHeadless ? undefined : await startXDisplay({ width: 320, height: 240 })
  const relay = await TestRelay.start({ config: { port: await findFreePort() } })
  const token = await relay.signIn()
  const policy = new TestPolicy(relay, token)
  await policy.set(await policy.rootId(), { unattended: true })
  const agents = new Set<TestAgent>()
  const folders: string[] = []
  const displays: XDisplay[] = display ? [display] : []
  let devices = 0
  const addDevice: UnattendedWorld['addDevice'] = async ({
    isShifted = false,
    pace = 'short',
    loginctl,
    consent,
    screen,
    isTold,
  } = {}) => {
    const own = screen && (await startXDisplay(screen))
    if (own) displays.push(own)
    const shown = own ?? display
    const folder = await mkdtemp(join(tmpdir(), 'handhold-kiosk-'))
    folders.push(folder)
    const stateDir = join(folder, 'state')
    const runtimeDir = await mkdtemp(join(folder, 'run-'))
    if (isTold) {
      await mkdir(stateDir)
      const { organisation } = meReplySchema.parse((await relay.call('GET', '/v1/me', { token })).body)
      const known = { organisationId: organisation.id, isTold, wasUsed: false }
      await writeFile(join(stateDir, 'notice.json'), JSON.stringify(known))
    }
    const aheadFile = join(folder, 'ahead-ms')
    const runAhead = (ms: number) => writeFile(aheadFile, String(ms))
    await runAhead(0)
    const program = isShifted
      ? { entry: here('./shifted-agent.ts'), args: [aheadFile] }
      : { entry: here('./short-agent.ts'), args: [pace, ...(loginctl === undefined ? [] : [loginctl])] }
    const enrolmentToken = await relay.mintEnrolmentToken(token)
    const operator = await relay.addOperator(token, `operator-${++devices}@example.org`, 'admin')
    const signIn = () => relay.signIn(operator)
    const operatorToken = await signIn()
    const start = async () => {
      const started = await startTestAgent({
        ...{ relayUrl: relay.url, stateDir, enrolmentToken, ...program },
        ...(shown && { display: shown.name }),
        ...(consent && { consent }),
        environment: { XDG_RUNTIME_DIR: runtimeDir },
      })
      await started.line(CONNECTED)
      agents.add(started)
      return started
    }
    let agent = await start()
    const { device } = JSON.parse(await agent.line('"agent started"')) as { device: string }
    return {
      deviceId: device,
      token: operatorToken,
      signIn,
      stateDir,
      display: shown?.name,
      runtimeDir,
      runAhead,
      get agent() {
        return agent
      },
      async start() {
        agents.delete(agent)
        agent = await start()
      },
    }
  }
  return {
    relay,
    token,
    addDevice,
    async restartRelay() {
      const connections = () =>
        [...agents].flatMap(({ lines }) => lines.filter(line => line.includes(CONNECTED))).length
      const before = connections()
      await relay.restart()
      await waitFor('the devices to be back', () => connections() === before + agents.size, 30_000)
    },
    async close() {
      for (const agent of agents) await agent.stop()
      await relay.close()
      for (const one of displays) await one.stop()
      for (const folder of folders) await rm(folder, { recursive: true, force: true })
    },
  }
}

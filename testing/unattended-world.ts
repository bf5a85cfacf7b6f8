import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startTestAgent, type TestAgent } from './agent.ts'
import { TestPolicy } from './policy.ts'
import { TestRelay } from './relay.ts'
import { startXDisplay } from './x-display.ts'

/** A device of the world: the agent service as a process of its own, whose doors stay open for seconds instead of minutes. */
export interface KioskDevice {
  readonly deviceId: string
  /** Of an operator who has nothing to do with any other device: what they ask for is limited by person. */
  readonly token: string
  readonly stateDir: string
  /** Where its programs put what they need while they run. */
  readonly runtimeDir: string
  readonly agent: TestAgent
  /** Starts the agent again after it died. */
  start(): Promise<void>
}

export interface UnattendedWorld {
  readonly relay: TestRelay
  readonly token: string
  addDevice(): Promise<KioskDevice>
  close(): Promise<void>
}

const ENTRY = fileURLToPath(new URL('./short-agent.ts', import.meta.url))

/** A relay, a display (without one when it is headless), and devices on it where nobody is and sessions without a person are allowed. */
export async function openUnattendedWorld({ isHeadless = false } = {}): Promise<UnattendedWorld> {
  const display = isHeadless ? undefined : await startXDisplay({ width: 320, height: 240 })
  const relay = await TestRelay.start()
  const token = await relay.signIn()
  const policy = new TestPolicy(relay, token)
  await policy.set(await policy.rootId(), { unattended: true })
  const agents = new Set<TestAgent>()
  const folders: string[] = []
  let devices = 0
  const addDevice = async (): Promise<KioskDevice> => {
    const folder = await mkdtemp(join(tmpdir(), 'handhold-kiosk-'))
    folders.push(folder)
    const stateDir = join(folder, 'state')
    const runtimeDir = await mkdtemp(join(folder, 'run-'))
    const enrolmentToken = await relay.mintEnrolmentToken(token)
    const operator = await relay.addOperator(token, `operator-${++devices}@example.org`, 'admin')
    const operatorToken = await relay.signIn(operator)
    const start = async () => {
      const started = await startTestAgent({
        ...{ relayUrl: relay.url, stateDir, entry: ENTRY, enrolmentToken },
        ...(display && { display: display.name }),
        environment: { XDG_RUNTIME_DIR: runtimeDir },
      })
      await started.line('the relay is connected')
      agents.add(started)
      return started
    }
    let agent = await start()
    const { device } = JSON.parse(await agent.line('"agent started"')) as { device: string }
    return {
      deviceId: device,
      token: operatorToken,
      stateDir,
      runtimeDir,
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
    async close() {
      for (const agent of agents) await agent.stop()
      await relay.close()
      await display?.stop()
      for (const folder of folders) await rm(folder, { recursive: true, force: true })
    },
  }
}

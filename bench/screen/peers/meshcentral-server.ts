import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePort } from '../../../testing/free-port.ts'
import { type Program, startProgram } from '../../../testing/program.ts'
import { cacheFolder, npmPeer, runToEnd } from './cache.ts'

const VERSION = '1.1.55'
const TEMPLATE = join(cacheFolder, `meshcentral-${VERSION}`)
const USER = 'bench'
/** It makes its certificates at the first start. */
const START_MS = 120_000
const STEP_MS = 60_000

export interface MeshServer {
  readonly program: Program
  readonly port: number
  readonly user: string
  readonly password: string
  /** The settings that an agent needs to find this server. */
  readonly agentSettings: string
  /** MeshCentral's npm package. */
  readonly folder: string
}

/** Everything that is made once: certificates, an account, a device group. */
interface Facts {
  readonly password: string
  readonly agentSettings: string
}

/** A server with its default settings on a free port of 127.0.0.1, in `workFolder`. */
export async function startMeshServer(workFolder: string): Promise<MeshServer> {
  const folder = await npmPeer('meshcentral', VERSION)
  if (!existsSync(TEMPLATE)) await makeTemplate(folder)
  await cp(TEMPLATE, workFolder, { recursive: true })
  const { password, agentSettings }: Facts = JSON.parse(await readFile(join(workFolder, 'facts.json'), 'utf8'))
  const port = await findFreePort()
  const program = await run(folder, join(workFolder, 'data'), port)
  return { program, port, user: USER, password, folder, agentSettings: agentSettings.replaceAll('PORT', String(port)) }
}

async function run(folder: string, data: string, port: number): Promise<Program> {
  const settings = {
    // A name with a dot: without one MeshCentral takes itself for a server that agents find by multicast.
    ...{ cert: '127.0.0.1', WANonly: true, portBind: '127.0.0.1', port, redirPort: 0, mpsPort: 0 },
    // It would ask a server of the internet for the time when it signs its Windows agents.
    agentTimeStampServer: false,
  }
  await writeFile(join(data, 'config.json'), JSON.stringify({ settings, domains: { '': {} } }))
  return startProgram({
    name: 'MeshCentral',
    command: process.execPath,
    args: [join(folder, 'meshcentral.js'), '--datapath', data],
    ready: line => (line.includes('HTTPS server running') ? true : undefined),
    readyWithinMs: START_MS,
  })
}

async function makeTemplate(folder: string): Promise<void> {
  console.error('bench: making an account and a device group for MeshCentral')
  const making = `${TEMPLATE}.${process.pid}`
  const data = join(making, 'data')
  await mkdir(data, { recursive: true, mode: 0o700 })
  try {
    const password = `Aa1!${randomBytes(12).toString('hex')}`
    const offline = (...args: string[]) =>
      runToEnd('MeshCentral', process.execPath, [join(folder, 'meshcentral.js'), '--datapath', data, ...args], STEP_MS)
    await offline('--createaccount', USER, '--pass', password, '--email', 'bench@example.invalid')
    await offline('--adminaccount', `user//${USER}`)
    const port = await findFreePort()
    const program = await run(folder, data, port)
    try {
      const login = ['--url', `wss://127.0.0.1:${port}`, '--loginuser', USER, '--loginpass', password]
      const control = [join(folder, 'meshctrl.js'), 'AddDeviceGroup', '--name', 'bench', ...login]
      const answer = await runToEnd('meshctrl', process.execPath, control, STEP_MS)
      const group = /mesh\/\/(\S+)/.exec(answer)?.[1]
      if (!group) throw new Error(`MeshCentral made no device group: ${answer}`)
      const agentSettings = (await readAgentSettings(port, group)).replaceAll(`:${port}/`, ':PORT/')
      await writeFile(join(making, 'facts.json'), JSON.stringify({ password, agentSettings } satisfies Facts))
    } finally {
      await program.stop()
    }
    await rename(making, TEMPLATE)
  } finally {
    await rm(making, { recursive: true, force: true })
  }
}

/** The file that MeshCentral gives to whoever installs an agent. Its certificate is its own, which `curl` can be told to accept for one call. */
async function readAgentSettings(port: number, group: string): Promise<string> {
  const url = `https://127.0.0.1:${port}/meshsettings?id=${group}`
  const settings = await runToEnd('curl', 'curl', ['--silent', '--fail', '--insecure', url], STEP_MS)
  return settings
    .split('\n')
    .filter(line => !line.startsWith('translation='))
    .join('\n')
}

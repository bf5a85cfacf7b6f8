import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UnaskedCause } from '#protocol/session/unasked.ts'
import { type Program, startProgram } from '../program.ts'
import { builtProgram, cleanEnvironment } from './programs.ts'

export interface DeviceProgram {
  /** Of the agent service. */
  readonly pid: number
  readonly relayUrl: string
  readonly stateDir: string
  /** The last lines of its log. */
  tail(): string
  restart(): Promise<void>
  stop(): Promise<void>
}

export interface DeviceProgramOptions {
  readonly relayUrl: string
  readonly enrolmentToken: string
  /** Empty: a server without one. */
  readonly display: string
  /** Whose desktop it is, where the service runs as root; by default nobody says, and everything runs as the service does. */
  readonly desktopUser?: { readonly uid: number; readonly gid: number } | undefined
  /** Why the device itself lets a session begin without an answer, where the policy does too. Default: never. */
  readonly withoutConsent?: readonly UnaskedCause[]
  /** Whose registry the device has. */
  readonly wine?: { readonly prefix: string; readonly program: string } | undefined
  /** Lets the relay's policy name whose scripts run there without a session. Default: certified operators' only. */
  readonly takesScripts?: boolean | undefined
  readonly onLine?: (line: string) => void
  /** The program and its arguments. Default: the built service. */
  readonly program?: readonly string[]
}

/** The real agent service as a program of its own, enrolled with a fresh identity. Resolves once the relay knows it as online. */
export async function startDeviceProgram(options: DeviceProgramOptions): Promise<DeviceProgram> {
  const stateDir = await mkdtemp(join(tmpdir(), 'handhold-agent-'))
  const start = () =>
    startProgram({
      name: 'agent',
      command: process.execPath,
      args: options.program ?? [builtProgram('agent/service.js')],
      env: cleanEnvironment({
        HANDHOLD_AGENT_RELAY_URL: options.relayUrl,
        HANDHOLD_AGENT_ENROLMENT_TOKEN: options.enrolmentToken,
        HANDHOLD_AGENT_STATE_DIR: stateDir,
        DISPLAY: options.display,
        ...(options.withoutConsent && { HANDHOLD_AGENT_WITHOUT_CONSENT: options.withoutConsent.join(',') }),
        ...(options.desktopUser ? { HANDHOLD_AGENT_DESKTOP_USER: JSON.stringify(options.desktopUser) } : {}),
        ...(options.takesScripts ? { HANDHOLD_AGENT_SCRIPTS: 'policy' } : {}),
        ...(options.wine && {
          HANDHOLD_AGENT_WINE_PREFIX: options.wine.prefix,
          HANDHOLD_AGENT_WINE_PROGRAM: options.wine.program,
        }),
      }),
      ready: line => (line.includes('the relay is connected') ? true : undefined),
      ...(options.onLine ? { onLine: options.onLine } : {}),
    })
  let program: Program = await start()
  return {
    get pid() {
      return program.pid
    },
    relayUrl: options.relayUrl,
    stateDir,
    tail: () => program.tail(),
    async restart() {
      await program.stop()
      program = await start()
    },
    async stop() {
      await program.stop()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

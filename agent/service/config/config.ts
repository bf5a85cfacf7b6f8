import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Ed25519PublicJwk } from '#protocol/keys.ts'
import type { UnaskedCause } from '#protocol/session/unasked.ts'
import type { DeviceOwner } from '#protocol/wire/views.ts'
import { type LOG_LEVELS, problem, type SCRIPT_RULES, type Values } from './keys.ts'
import { type Machine, thisMachine } from './machine.ts'
import { mergeSources } from './source.ts'
import { type Environment, readSources } from './sources.ts'

export { ConfigError } from './keys.ts'

export interface AgentConfig {
  /** Without a path and a slash at its end. */
  readonly relayUrl: string
  /** Which organisation and which group the device is meant for; the relay refuses a token of another one. */
  readonly tenant: string | undefined
  readonly group: string | undefined
  /** Whose word lets operators in, whatever a relay says; undefined: the first one that the relay shows. */
  readonly organisationKey: Ed25519PublicJwk | undefined
  /** Whom the device belongs to; null when nothing is said. */
  readonly owner: DeviceOwner | null
  /** What may begin without an answer of the person's, where the relay's policy wants it too. */
  readonly withoutConsent: readonly UnaskedCause[]
  readonly stateDir: string
  /** Where the person's own programs ask for help. */
  readonly helpSocket: string
  readonly displayAddress: string | null
  /** Undefined: the consent window that belongs to this program. */
  readonly consentCommand: readonly string[] | undefined
  /** The user of the desktop, when the service runs as root. */
  readonly desktopUser: { readonly uid: number; readonly gid: number } | undefined
  /** The Wine prefix whose registry is this device's. */
  readonly wine: { readonly prefix: string; readonly program: string } | undefined
  /** Whose scripts run here without a session. */
  readonly scripts: (typeof SCRIPT_RULES)[number]
  readonly logLevel: (typeof LOG_LEVELS)[number]
}

/** Secrets travel apart from the rest, so that the rest may be logged. */
export interface AgentSecrets {
  readonly enrolmentToken: string | undefined
  /** The proxy's address, with its password. */
  readonly proxy: string | undefined
}

/** The configuration of docs/operating.md, "Enrolling devices", out of every source of this machine. Asks nobody and writes nothing. Throws `ConfigError`. */
export function readConfig(
  environment: Environment,
  machine: Machine = thisMachine,
): { config: AgentConfig; secrets: AgentSecrets } {
  const values = mergeSources(readSources(environment, machine))
  const stateDir = values.stateDir ?? defaultStateDir(environment)
  if (values.relayUrl === undefined) throw problem('relayUrl', 'is missing')
  // Without TLS a proxy would read and could change everything.
  if (values.proxy !== undefined && !values.relayUrl.startsWith('https:'))
    throw problem('relayUrl', 'must be https:// where a proxy leads to it')
  return {
    config: {
      relayUrl: values.relayUrl,
      tenant: values.tenant,
      group: values.group,
      organisationKey: values.organisationKey,
      owner: ownerOf(values),
      withoutConsent: values.withoutConsent ?? [],
      stateDir,
      helpSocket: values.helpSocket ?? join(stateDir, 'help.sock'),
      displayAddress: values.displayAddress ?? (environment.DISPLAY || null),
      consentCommand: values.consentCommand,
      desktopUser: values.desktopUser,
      wine: wineOf(values),
      scripts: values.scripts ?? 'certified',
      logLevel: values.logLevel ?? 'info',
    },
    secrets: { enrolmentToken: values.enrolmentToken, proxy: values.proxy },
  }
}

/** Where Debian and others have the loader itself; what is in a PATH isn't asked. */
const WINE_PROGRAMS = ['/usr/lib/wine/wine64', '/opt/wine-stable/bin/wine64', '/usr/bin/wine64', '/usr/bin/wine']

function wineOf({ winePrefix: prefix, wineProgram }: Values): AgentConfig['wine'] {
  if (prefix === undefined) return undefined
  return { prefix, program: wineProgram ?? WINE_PROGRAMS.find(path => existsSync(path)) ?? '/usr/bin/wine' }
}

function ownerOf({ userName = '', email = '', domain = '' }: Values): DeviceOwner | null {
  return userName === '' && email === '' && domain === '' ? null : { userName, email, domain }
}

function defaultStateDir(environment: Environment): string {
  if (process.platform === 'win32') return join(environment.ProgramData ?? 'C:\\ProgramData', 'Handhold', 'agent')
  if (process.getuid?.() === 0) return '/var/lib/handhold-agent'
  return join(environment.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'handhold-agent')
}

import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { z } from 'zod'

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

const relayUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).transform(toOrigin)
const absolutePath = z.string().refine(isAbsolute, 'must be an absolute path')
const id = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1)

/** Keys of the configuration file; each is in the environment too, as HANDHOLD_AGENT_ and its name in capitals. */
const KEYS = {
  relayUrl: { schema: relayUrl, example: 'https://relay.example.com' },
  enrolmentToken: { schema: z.string().min(1).max(128), example: 'the token that an administrator made' },
  stateDir: { schema: absolutePath, example: '/var/lib/handhold-agent' },
  displayAddress: { schema: z.string().min(1).max(200), example: ':0' },
  consentCommand: {
    schema: z.array(z.string().min(1)).min(1),
    example: '["/usr/bin/node","/opt/handhold/consent.js"]',
  },
  desktopUser: { schema: z.strictObject({ uid: id, gid: id }), example: '{"uid":1000,"gid":1000}' },
  logLevel: { schema: z.enum(LOG_LEVELS), example: 'info' },
} as const
type Key = keyof typeof KEYS

export interface AgentConfig {
  /** Without a path and a slash at its end. */
  readonly relayUrl: string
  readonly stateDir: string
  readonly displayAddress: string | null
  /** Undefined: the consent window that belongs to this program. */
  readonly consentCommand: readonly string[] | undefined
  /** The user of the desktop, when the service runs as root. */
  readonly desktopUser: { readonly uid: number; readonly gid: number } | undefined
  readonly logLevel: (typeof LOG_LEVELS)[number]
}

/** Secrets travel apart from the rest, so that the rest may be logged. */
export interface AgentSecrets {
  readonly enrolmentToken: string | undefined
}

/** The configuration can't be used. `message` names the key, the problem and an example. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads HANDHOLD_AGENT_* and the JSON file that HANDHOLD_AGENT_CONFIG names; the environment wins. Throws `ConfigError`. */
export function readConfig(environment: Environment): { config: AgentConfig; secrets: AgentSecrets } {
  const file = readFileValues(environment.HANDHOLD_AGENT_CONFIG)
  const get = <K extends Key>(key: K): z.infer<(typeof KEYS)[K]['schema']> | undefined => {
    const raw = environmentValue(environment, key) ?? file[key]
    if (raw === undefined) return undefined
    const parsed = KEYS[key].schema.safeParse(raw)
    if (!parsed.success) throw problem(key, parsed.error.issues[0]?.message ?? 'is not valid')
    return parsed.data as z.infer<(typeof KEYS)[K]['schema']>
  }
  const relay = get('relayUrl')
  if (relay === undefined) throw problem('relayUrl', 'is missing')
  return {
    config: {
      relayUrl: relay,
      stateDir: get('stateDir') ?? defaultStateDir(environment),
      displayAddress: get('displayAddress') ?? environment.DISPLAY ?? null,
      consentCommand: get('consentCommand'),
      desktopUser: get('desktopUser'),
      logLevel: get('logLevel') ?? 'info',
    },
    secrets: { enrolmentToken: get('enrolmentToken') },
  }
}

const environmentName = (key: string): string =>
  `HANDHOLD_AGENT_${key.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`

function environmentValue(environment: Environment, key: Key): unknown {
  const text = environment[environmentName(key)]
  if (text === undefined || text === '') return undefined
  if (key !== 'consentCommand' && key !== 'desktopUser') return text
  try {
    return JSON.parse(text)
  } catch {
    throw problem(key, 'is not JSON')
  }
}

function readFileValues(path: string | undefined): Partial<Record<Key, unknown>> {
  if (!path) return {}
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (thrown) {
    const why = thrown instanceof SyntaxError ? 'is not JSON' : 'can’t be read'
    throw new ConfigError(
      `HANDHOLD_AGENT_CONFIG: ${path} ${why}. Name a readable JSON file, for example /etc/handhold/agent.json.`,
    )
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(value)
  if (!parsed.success) throw new ConfigError(`HANDHOLD_AGENT_CONFIG: ${path} must hold one JSON object.`)
  const unknownKey = Object.keys(parsed.data).find(key => !Object.hasOwn(KEYS, key))
  if (unknownKey !== undefined) {
    throw new ConfigError(`${unknownKey}: is no key of the configuration. Keys are ${Object.keys(KEYS).join(', ')}.`)
  }
  return parsed.data
}

function problem(key: Key, what: string): ConfigError {
  return new ConfigError(`${key} (${environmentName(key)}): ${what}. Example: ${KEYS[key].example}`)
}

function toOrigin(text: string): string {
  return new URL(text).origin
}

function defaultStateDir(environment: Environment): string {
  if (process.platform === 'win32') return join(environment.ProgramData ?? 'C:\\ProgramData', 'Handhold', 'agent')
  if (process.getuid?.() === 0) return '/var/lib/handhold-agent'
  return join(environment.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'handhold-agent')
}

import { readFileSync } from 'node:fs'
import { z } from 'zod'
import {
  BOOTSTRAP_SECRET_ENV,
  CONFIG_FILE_ENV,
  configSchema,
  METRICS_TOKEN_ENV,
  type RelayConfig,
  type RelaySecrets,
  SETTINGS,
} from './config.ts'

const BOOTSTRAP_SECRET_MIN_LENGTH = 16

/** A setting that the relay can't start with. The message is one line and says what to write instead. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type Environment = Readonly<Record<string, string | undefined>>
type Tree = { [key: string]: unknown }

/** Reads environment and file once; the environment wins. Throws `ConfigError`. */
export function loadConfig(env: Environment, file?: string): { config: RelayConfig; secrets: RelaySecrets } {
  const path = file ?? env[CONFIG_FILE_ENV]
  const tree = path ? readFile(path) : {}
  for (const [key, { env: name }] of Object.entries(SETTINGS)) {
    const value = env[name]
    if (value !== undefined && value !== '') setPath(tree, key.split('.'), value)
  }
  const parsed = configSchema.safeParse(tree)
  if (!parsed.success) throw new ConfigError(explain(parsed.error))
  return {
    config: parsed.data,
    secrets: { bootstrapSecret: readBootstrapSecret(env), metricsToken: readMetricsToken(env) },
  }
}

function readFile(path: string): Tree {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (thrown) {
    throw new ConfigError(`The configuration file ${path} can't be read (${codeOf(thrown)}). Check --config.`)
  }
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text))
  } catch {
    throw new ConfigError(`The configuration file ${path} is not a JSON object. Example: {"port": 7443}`)
  }
}

function setPath(tree: Tree, [key = '', ...rest]: string[], value: string): void {
  if (rest.length === 0) {
    tree[key] = value
    return
  }
  const existing = z.record(z.string(), z.unknown()).safeParse(tree[key])
  const branch: Tree = existing.success ? existing.data : {}
  tree[key] = branch
  setPath(branch, rest, value)
}

function explain(error: z.ZodError): string {
  const [issue] = error.issues
  if (!issue) return 'The configuration is not valid.'
  if (issue.code === 'unrecognized_keys') {
    const key = [...issue.path, issue.keys[0]].join('.')
    return `The setting "${key}" is unknown. Known settings: ${Object.keys(SETTINGS).join(', ')}.`
  }
  const key = issue.path.join('.')
  const setting = Object.entries(SETTINGS).find(([name]) => name === key || name.startsWith(`${key}.`))?.[1]
  const how = setting ? ` Example: ${setting.env}=${setting.example}` : ''
  return `The setting "${key}" is not valid: ${issue.message}.${how}`
}

function readBootstrapSecret(env: Environment): string | null {
  const secret = env[BOOTSTRAP_SECRET_ENV]
  if (!secret) return null
  if (secret.length < BOOTSTRAP_SECRET_MIN_LENGTH || secret.length > 128)
    throw new ConfigError(
      `${BOOTSTRAP_SECRET_ENV} must have ${BOOTSTRAP_SECRET_MIN_LENGTH} to 128 characters. Example: the output of "openssl rand -hex 24"`,
    )
  return secret
}

function readMetricsToken(env: Environment): string | null {
  const token = env[METRICS_TOKEN_ENV]
  if (!token) return null
  if (!/^[\w.~+/=-]{16,256}$/.test(token))
    throw new ConfigError(
      `${METRICS_TOKEN_ENV} must have 16 to 256 letters, digits or . _ ~ + / = -. Example: the output of "openssl rand -hex 24"`,
    )
  return token
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown error'
}

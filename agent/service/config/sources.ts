import { join } from 'node:path'
import { z } from 'zod'
import { ConfigError, environmentName, KEYS, type Key, problem } from './keys.ts'
import type { Machine } from './machine.ts'
import { parsePlist } from './plist.ts'
import { parseRegistry } from './registry.ts'
import type { Source } from './source.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const POLICY_KEY = 'HKLM\\SOFTWARE\\Policies\\Handhold\\Agent'
const MANAGED_PREFERENCES = '/Library/Managed Preferences/com.handhold.agent.plist'
const STRUCTURED: readonly Key[] = ['consentCommand', 'desktopUser']

/** Every source that there is, the strongest first: the platform's policy, the environment, the file. Throws `ConfigError`. */
export function readSources(environment: Environment, machine: Machine): Source[] {
  return [policyOf(machine), environmentSource(environment), fileSource(environment, machine)].flatMap(
    source => source ?? [],
  )
}

function policyOf(machine: Machine): Source | undefined {
  if (machine.platform === 'win32') {
    const output = guard(POLICY_KEY, () => machine.queryRegistry(POLICY_KEY))
    if (output === undefined) return undefined
    return { where: POLICY_KEY, isManaged: true, values: parseRegistry(output, POLICY_KEY) }
  }
  if (machine.platform !== 'darwin') return undefined
  const values = guard(MANAGED_PREFERENCES, () => {
    const bytes = machine.readFile(MANAGED_PREFERENCES)
    return bytes && parsePlist(bytes)
  })
  return values && { where: MANAGED_PREFERENCES, isManaged: true, values }
}

function environmentSource(environment: Environment): Source {
  const values: Record<string, unknown> = {}
  for (const key of Object.keys(KEYS) as Key[]) {
    const text = environment[environmentName(key)]
    if (text !== undefined && text !== '') values[key] = STRUCTURED.includes(key) ? parseJson(key, text) : text
  }
  return { isManaged: false, values }
}

function fileSource(environment: Environment, machine: Machine): Source | undefined {
  const named = environment.HANDHOLD_AGENT_CONFIG
  const path = named || standardFile(environment, machine.platform)
  const source = named ? 'HANDHOLD_AGENT_CONFIG' : 'The configuration file'
  const bytes = readBytes(path, source, machine)
  if (bytes === undefined && !named) return undefined
  if (bytes === undefined) throw unreadable(source, path, 'can’t be read')
  const parsed = z.record(z.string(), z.unknown()).safeParse(parseFile(bytes, source, path))
  if (!parsed.success) throw new ConfigError(`${source}: ${path} must hold one JSON object.`)
  return { where: path, isManaged: false, values: parsed.data }
}

function readBytes(path: string, source: string, machine: Machine): Buffer | undefined {
  try {
    return machine.readFile(path)
  } catch {
    throw unreadable(source, path, 'can’t be read')
  }
}

function parseFile(bytes: Buffer, source: string, path: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''))
  } catch {
    throw unreadable(source, path, 'is not JSON')
  }
}

/** Where an installation without any environment looks. */
function standardFile(environment: Environment, platform: NodeJS.Platform): string {
  if (platform === 'win32') return join(environment.ProgramData ?? 'C:\\ProgramData', 'Handhold', 'agent.json')
  return platform === 'darwin' ? '/Library/Application Support/Handhold/agent.json' : '/etc/handhold/agent.json'
}

function parseJson(key: Key, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw problem(key, 'is not JSON')
  }
}

function guard<T>(where: string, read: () => T): T {
  try {
    return read()
  } catch (thrown) {
    if (thrown instanceof ConfigError) throw thrown
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new ConfigError(`${where}: can’t be used: ${why}. Deploy it again.`)
  }
}

const unreadable = (source: string, path: string, why: string) =>
  new ConfigError(`${source}: ${path} ${why}. Name a readable JSON file, for example /etc/handhold/agent.json.`)

import { randomUUID } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { SecretStore } from '../shell.ts'

/** The folder of the user's settings: `XDG_CONFIG_HOME`, `APPDATA` or what stands for them. */
export function configFolder(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): string {
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Handhold')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Handhold')
  const base = env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : join(homedir(), '.config')
  return join(base, 'handhold')
}

/**
 * Secrets in one file that only its owner may read (0600), for machines without a system store that this shell can use.
 * Writes are atomic and one after the other; a file that can't be read as secrets counts as empty.
 */
export function createFileSecrets(file: string): SecretStore {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work)
    last = next.catch(() => undefined)
    return next
  }
  const change = (edit: (secrets: Map<string, string>) => void) =>
    inTurn(async () => {
      const secrets = await read(file)
      edit(secrets)
      await write(file, secrets)
    })
  return {
    description: `A file in your settings that only your account can read (${file}). It is not encrypted.`,
    get: name => inTurn(async () => (await read(file)).get(name)),
    set: (name, secret) => change(secrets => secrets.set(name, secret)),
    delete: name => change(secrets => secrets.delete(name)),
  }
}

async function read(file: string): Promise<Map<string, string>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'))
    const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  } catch {
    return new Map()
  }
}

async function write(file: string, secrets: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomUUID()}`
  try {
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(JSON.stringify(Object.fromEntries(secrets)))
      await handle.sync()
    } finally {
      await handle.close()
    }
    await chmod(draft, 0o600)
    await rename(draft, file)
  } catch (thrown) {
    await rm(draft, { force: true })
    throw thrown
  }
}

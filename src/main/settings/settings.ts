import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const settingsSchema = z.object({ lastRelayUrl: z.string().max(300), lastEmail: z.string().max(254) })
export type Settings = z.infer<typeof settingsSchema>

const DEFAULTS: Settings = { lastRelayUrl: '', lastEmail: '' }

/** What the app remembers between runs, as one small file. A missing or damaged file counts as none; nothing in it is secret. */
export class SettingsFile {
  readonly #path: string

  constructor(userDataDir: string) {
    this.#path = join(userDataDir, 'settings.json')
  }

  async read(): Promise<Settings> {
    try {
      return settingsSchema.parse(JSON.parse(await readFile(this.#path, 'utf8')))
    } catch {
      return DEFAULTS
    }
  }

  async write(settings: Settings): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
    const temporary = `${this.#path}.${process.pid}.new`
    await writeFile(temporary, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 })
    await rename(temporary, this.#path)
  }
}

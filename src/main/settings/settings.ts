import { join } from 'node:path'
import { z } from 'zod'
import { KeptFile } from './kept-file.ts'

const settingsSchema = z.object({ lastRelayUrl: z.string().max(300), lastEmail: z.string().max(254) })
export type Settings = z.infer<typeof settingsSchema>

const DEFAULTS: Settings = { lastRelayUrl: '', lastEmail: '' }

/** What the app remembers of the last sign-in. */
export class SettingsFile extends KeptFile<Settings> {
  constructor(userDataDir: string) {
    super(join(userDataDir, 'settings.json'), settingsSchema, DEFAULTS)
  }
}

import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { app, dialog } from 'electron'
import type { Shell } from '../shell.ts'

/** Asks with the system's own dialog, which also asks before it replaces a file. */
export const saveFile: Shell['saveFile'] = async ({ suggestedName, contents }) => {
  const { filePath } = await dialog.showSaveDialog({ defaultPath: join(app.getPath('downloads'), suggestedName) })
  if (!filePath) return undefined
  await writeFile(filePath, contents, { mode: 0o600 })
  return basename(filePath)
}

import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { extname, isAbsolute, join } from 'node:path'

const NAMES_TRIED_MAX = 1_000

/** Where this person's browser would save. */
export function downloadsFolder(env: Readonly<Record<string, string | undefined>>): string {
  const named = env.XDG_DOWNLOAD_DIR
  return named && isAbsolute(named) ? named : join(env.HOME || homedir(), 'Downloads')
}

/** Writes a file that wasn't there before, as a browser without a dialog does: `report.csv`, then `report (1).csv`. Resolves with its name. */
export async function saveIn(
  folder: string,
  file: { suggestedName: string; contents: string | Uint8Array },
): Promise<string> {
  await mkdir(folder, { recursive: true })
  const end = extname(file.suggestedName)
  const start = file.suggestedName.slice(0, file.suggestedName.length - end.length)
  for (let copy = 0; copy < NAMES_TRIED_MAX; copy++) {
    const name = copy === 0 ? file.suggestedName : `${start} (${copy})${end}`
    try {
      await writeFile(join(folder, name), file.contents, { flag: 'wx', mode: 0o600 })
      return name
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown
    }
  }
  throw new Error(`${folder} has too many files of this name`)
}

import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Two writes in one folder at the same time must not share a temporary file. */
let writes = 0

/** The file's text, or undefined when there is none. */
export async function readStateFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw thrown
  }
}

/** Replaces the file as a whole: after a power cut it holds the old text or the new one. Only its owner may read it. */
export async function writeStateFile(path: string, text: string): Promise<void> {
  const directory = dirname(path)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await chmod(directory, 0o700)
  const temporary = join(directory, `.${process.pid}-${++writes}.tmp`)
  await rm(temporary, { force: true })
  try {
    await writeDurably(temporary, text)
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw thrown
  }
  await syncDirectory(directory)
}

/** What a write left that was cut off in the middle, by whichever process. For the start, before anything is written. */
export async function removeTemporaries(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => [])
  for (const name of names) if (/^\.\d+(-\d+)?\.tmp$/.test(name)) await rm(join(directory, name), { force: true })
}

/** Idempotent. */
export async function removeStateFile(path: string): Promise<void> {
  await rm(path, { force: true })
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncDirectory(path: string): Promise<void> {
  // Windows can't open a directory; its rename is journalled.
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

const isMissing = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'

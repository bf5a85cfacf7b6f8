import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, rm, rmdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { readStateFile, removeTemporaries, writeStateFile } from './state-file.ts'

const REMOVED = 'removed'
const RECORDINGS = 'recordings'
/** What the agent keeps of an enrolment. By name: whoever configured the folder may keep other things there. */
export const GOES: readonly string[] = [
  'identity.json',
  'boots.json',
  'notice.json',
  'unattended.json',
  'denials.json',
  'script-runs.json',
  'history.html',
  'help.sock',
]
/**
 * What the relay's word that the device is removed doesn't take: the hash of a token, the organisation's key, which only this machine's administrator may
 * forget, and what the person has of who was at their computer and why.
 */
export const STAYS: readonly string[] = [REMOVED, 'organisation-key.json', 'receipts']

const file = (stateDir: string): string => join(stateDir, REMOVED)
const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** The token that is still configured must not enrol a removed device again. */
export async function rememberRemoval(stateDir: string, token: string | undefined): Promise<void> {
  if (token !== undefined) await writeStateFile(file(stateDir), hashOf(token))
}

/** Whether this device was removed while it had this token. */
export const isTokenOfRemoval = async (stateDir: string, token: string): Promise<boolean> =>
  (await readStateFile(file(stateDir))) === hashOf(token)

/** Takes away what an enrolment leaves on the disk. Resolves with the names of what couldn't be, having removed the rest. Idempotent. */
export async function wipeState(stateDir: string): Promise<string[]> {
  const left: string[] = []
  for (const name of GOES) await rm(join(stateDir, name), { force: true }).catch(() => left.push(name))
  await removeRecordings(join(stateDir, RECORDINGS)).catch(() => left.push(RECORDINGS))
  await removeTemporaries(stateDir)
  return left
}

/** Its folders are the tools' users' own: name by name and no deeper, so that nobody leads these hands elsewhere by a link. */
async function removeRecordings(folder: string): Promise<void> {
  if (!existsSync(folder)) return
  for (const level of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, level.name)
    if (!level.isDirectory()) {
      await unlink(path)
      continue
    }
    for (const name of await readdir(path)) await unlink(join(path, name))
    await rmdir(path)
  }
  await rmdir(folder)
}

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readStateFile, writeStateFile } from './state-file.ts'

const file = (stateDir: string): string => join(stateDir, 'removed')
const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** All that stays of a removed device: the hash of the token that is still configured and must not enrol it again. */
export async function rememberRemoval(stateDir: string, token: string | undefined): Promise<void> {
  if (token !== undefined) await writeStateFile(file(stateDir), hashOf(token))
}

/** Whether this device was removed while it had this token. */
export const isTokenOfRemoval = async (stateDir: string, token: string): Promise<boolean> =>
  (await readStateFile(file(stateDir))) === hashOf(token)

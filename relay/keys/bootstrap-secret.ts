import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import type { BootstrapSecret } from '../domain/identity/accounts.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

/**
 * The one-time secret of a relay without users: the configured one, or the one of the file, which is made when it isn't there.
 * A relay that has users has none, and a file that was left over is deleted.
 */
export function openBootstrapSecret(file: string, hasUsers: boolean, configured: string | null): BootstrapSecret {
  let secret = hasUsers ? null : (configured ?? readPrivateFile(file)?.trim() ?? makeSecret(file))
  if (hasUsers) rmSync(file, { force: true })
  return {
    current: () => secret,
    spend: () => {
      secret = null
      rmSync(file, { force: true })
    },
  }
}

function makeSecret(file: string): string {
  const secret = randomBytes(24).toString('base64url')
  writePrivateFile(file, `${secret}\n`)
  return secret
}

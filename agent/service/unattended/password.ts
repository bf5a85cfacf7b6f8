import { argon2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { PASSWORD_CHARACTERS } from '#protocol/limits.ts'
import { toText } from '#protocol/unattended/bytes.ts'
import { passwordFromBytes } from '#protocol/unattended/password.ts'
import { PASSWORD_ARGON2, SALT_BYTES } from '#protocol/unattended/password-key.ts'
import { clientKeyOf, storedKeyOf } from '#protocol/unattended/proof.ts'

export interface IssuedPassword {
  /** Only for whoever it is delivered to: it is kept nowhere. */
  readonly password: string
  readonly salt: string
  readonly storedKey: string
}

/** A new one-time password and what the device keeps of it. */
export async function issuePassword(): Promise<IssuedPassword> {
  const password = passwordFromBytes(randomBytes(PASSWORD_CHARACTERS))
  const salt = randomBytes(SALT_BYTES)
  const passwordKey = await derive(password, salt)
  return { password, salt: toText(salt), storedKey: toText(storedKeyOf(clientKeyOf(passwordKey))) }
}

const argon2Async = promisify(argon2)

/** Node's own Argon2id, off this thread; the operator app has another implementation, because Electron's Node has none. */
const derive = (password: string, salt: Uint8Array): Promise<Buffer> =>
  argon2Async('argon2id', {
    message: password,
    nonce: salt,
    parallelism: PASSWORD_ARGON2.lanes,
    tagLength: PASSWORD_ARGON2.keyBytes,
    memory: PASSWORD_ARGON2.memoryKiB,
    passes: PASSWORD_ARGON2.passes,
  })

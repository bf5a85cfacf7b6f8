import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { Seal } from '../domain/identity/seal.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

const ALGORITHM = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * AES-256-GCM with a key in a file of the relay's own, outside the database, made at the first start: a copy of the database alone gives away neither
 * authenticator secrets nor the client secrets of identity providers.
 */
export function openSeal(file: string): Seal {
  const key = readKey(file) ?? makeKey(file)
  // One key for one use: what encrypts doesn't also digest.
  const digestKey = Buffer.from(hkdfSync('sha256', key, '', 'handhold digest', KEY_BYTES))
  return {
    seal(text, purpose) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(purpose))
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64url')
    },
    open(sealed, purpose) {
      const bytes = Buffer.from(sealed, 'base64url')
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(-TAG_BYTES))
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString(
        'utf8',
      )
    },
    digest: (text, purpose) => createHmac('sha256', digestKey).update(`${purpose}\n${text}`).digest('base64url'),
  }
}

function readKey(file: string): Buffer | undefined {
  const text = readPrivateFile(file)
  if (text === undefined) return undefined
  const key = Buffer.from(text.trim(), 'base64url')
  if (key.length !== KEY_BYTES)
    throw new Error(`${file} holds no key of ${KEY_BYTES} bytes. Put the right file back from the backup.`)
  return key
}

function makeKey(file: string): Buffer {
  const key = randomBytes(KEY_BYTES)
  writePrivateFile(file, `${key.toString('base64url')}\n`)
  return key
}

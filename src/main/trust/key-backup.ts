import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import { type Ed25519PublicJwk, ed25519PublicJwkSchema } from '#protocol/keys.ts'
import { organisationViewSchema } from '#protocol/wire/views.ts'
import { keyFromSeed, SEED_BYTES, type SeedKey } from './seed-key.ts'

/** 128 MiB and about half a second for each try (RFC 7914; OWASP's first choice for scrypt). A file can't ask for more. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 } as const
const SCRYPT_MAX_BYTES = 256 * 1024 * 1024
const CIPHER = 'aes-256-gcm'
const BACKUP_MAX_LENGTH = 4_000

const bytes = (length: number) =>
  z
    .base64url()
    .transform(text => Buffer.from(text, 'base64url'))
    .refine(value => value.length === length, `must be ${length} bytes`)

const headerSchema = z.object({
  handhold: z.literal('organisation-key-backup'),
  version: z.literal(1),
  organisation: organisationViewSchema,
  key: ed25519PublicJwkSchema,
  kdf: z.object({ name: z.literal('scrypt'), N: z.literal(SCRYPT.N), r: z.literal(SCRYPT.r), p: z.literal(SCRYPT.p) }),
})
const backupSchema = headerSchema.extend({ salt: bytes(16), iv: bytes(12), sealed: bytes(SEED_BYTES), tag: bytes(16) })
type Header = z.infer<typeof headerSchema>

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt)
const keyOf = (passphrase: string, salt: Buffer): Promise<Buffer> =>
  derive(passphrase.normalize('NFC'), salt, 32, { ...SCRYPT, maxmem: SCRYPT_MAX_BYTES })
/** What isn't secret is bound to what is. */
const boundTo = (header: Header): Buffer => Buffer.from(JSON.stringify(headerSchema.parse(header)))

/** The key as a file that is worth nothing without its passphrase. */
export async function sealBackup(
  { seed, publicKey: key }: SeedKey,
  organisation: Header['organisation'],
  passphrase: string,
): Promise<string> {
  const header: Header = {
    handhold: 'organisation-key-backup',
    version: 1,
    organisation,
    key,
    kdf: { name: 'scrypt', ...SCRYPT },
  }
  const salt = randomBytes(16)
  const iv = randomBytes(12)
  const cipher = createCipheriv(CIPHER, await keyOf(passphrase, salt), iv).setAAD(boundTo(header))
  const sealed = Buffer.concat([cipher.update(seed), cipher.final()])
  const parts = Object.entries({ salt, iv, sealed, tag: cipher.getAuthTag() })
  const texts = Object.fromEntries(parts.map(([name, value]) => [name, value.toString('base64url')]))
  return `${JSON.stringify({ ...header, ...texts }, null, 2)}\n`
}

/** The key of such a file. Throws `backup-invalid` for what is no whole backup, and `passphrase-wrong`. */
export async function openBackup(
  text: string,
  passphrase: string,
): Promise<{ readonly key: SeedKey; readonly organisation: Header['organisation'] }> {
  const { salt, iv, sealed, tag, ...header } = read(text)
  const decipher = createDecipheriv(CIPHER, await keyOf(passphrase, salt), iv)
    .setAAD(boundTo(header))
    .setAuthTag(tag)
  let seed: Buffer
  try {
    seed = Buffer.concat([decipher.update(sealed), decipher.final()])
  } catch (cause) {
    throw new HandholdError(
      'passphrase-wrong',
      'The passphrase is not the one of this backup, or the file was changed.',
      {
        cause,
      },
    )
  }
  const key = await keyFromSeed(seed)
  if (!isSame(key.publicKey, header.key)) throw damaged()
  return { key, organisation: header.organisation }
}

function read(text: string): z.infer<typeof backupSchema> {
  try {
    if (text.length <= BACKUP_MAX_LENGTH) return backupSchema.parse(JSON.parse(text))
  } catch {
    // Cut off, or something else.
  }
  throw damaged()
}

const isSame = (one: Ed25519PublicJwk, two: Ed25519PublicJwk): boolean => one.x === two.x

const damaged = () =>
  new HandholdError('backup-invalid', 'This is no backup of an organisation key, or a part of it is missing.')

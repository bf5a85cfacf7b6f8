import { z } from 'zod'

const PREFIXES = {
  session: 'ses',
  device: 'dev',
  user: 'usr',
  organisation: 'org',
  enrolmentToken: 'ent',
  pass: 'pas',
  login: 'lgn',
  invitation: 'inv',
  passkey: 'pky',
  apiKey: 'key',
  group: 'grp',
  role: 'rol',
  assignment: 'asg',
  webhook: 'whk',
  webhookDelivery: 'whd',
  webhookEvent: 'evt',
  note: 'not',
  savedFilter: 'flt',
  help: 'hlp',
  script: 'scr',
  scriptRun: 'run',
} as const
export type IdKind = keyof typeof PREFIXES

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const ID_CHARACTERS = 26

/** An id of 128 random bits: a kind's prefix and 26 Crockford base32 characters. `randomBytes` holds 16 bytes from a CSPRNG. */
export function idFromBytes(kind: IdKind, randomBytes: Uint8Array): string {
  if (randomBytes.length !== 16) throw new RangeError('an id takes 16 random bytes')
  let value = 0n
  for (const byte of randomBytes) value = (value << 8n) | BigInt(byte)
  let characters = ''
  for (let index = 0; index < ID_CHARACTERS; index++) {
    characters = ALPHABET.charAt(Number(value & 31n)) + characters
    value >>= 5n
  }
  return `${PREFIXES[kind]}_${characters}`
}

const idSchema = (kind: IdKind) =>
  z.string().regex(new RegExp(`^${PREFIXES[kind]}_[${ALPHABET}]{${ID_CHARACTERS}}$`), `not a ${kind} id`)

export const sessionIdSchema = idSchema('session')
export const deviceIdSchema = idSchema('device')
export const passIdSchema = idSchema('pass')
export const organisationIdSchema = idSchema('organisation')
export const enrolmentTokenIdSchema = idSchema('enrolmentToken')
export const loginIdSchema = idSchema('login')
export const invitationIdSchema = idSchema('invitation')
export const passkeyIdSchema = idSchema('passkey')
export const apiKeyIdSchema = idSchema('apiKey')
export const groupIdSchema = idSchema('group')
export const noteIdSchema = idSchema('note')
export const savedFilterIdSchema = idSchema('savedFilter')
export const helpIdSchema = idSchema('help')
export const webhookIdSchema = idSchema('webhook')
export const webhookDeliveryIdSchema = idSchema('webhookDelivery')
export const assignmentIdSchema = idSchema('assignment')
/** The two that every organisation has are called by their names. */
export const roleIdSchema = z.union([z.enum(['administrator', 'operator']), idSchema('role')])
/** Made by the identity library, so only its length and characters are ours to check. */
export const userIdSchema = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'not a user id')
export const scriptIdSchema = idSchema('script')
export const scriptRunIdSchema = idSchema('scriptRun')

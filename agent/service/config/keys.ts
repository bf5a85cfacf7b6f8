import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { UNASKED_CAUSES } from '#protocol/session/unasked.ts'
import { proxySchema } from '../../../reach/proxy.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
/** Whose scripts run here without a session: nobody's, those of operators whom a strict organisation's key certified, or whoever the relay's policy names. */
export const SCRIPT_RULES = ['off', 'certified', 'policy'] as const
/** What a person may be allowed to set differently from their administrator: nothing that says whom the device obeys. */
const SWITCHABLE = ['displayAddress', 'logLevel', 'userName', 'email'] as const

const relayUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
  .transform(text => new URL(text).origin)
const absolutePath = z.string().refine(isAbsolute, 'must be an absolute path')
const line = (maxLength: number) => z.string().trim().min(1).max(maxLength)
const id = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1)
// Registry, environment and property lists know fewer types than JSON: numbers and truth come as text or as numbers too.
const number = z.union(
  [
    z.number(),
    z
      .string()
      .regex(/^\d{1,5}$/)
      .transform(Number),
  ],
  'must be a number',
)
const truth = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0']), z.literal(1), z.literal(0)], 'must be true or false')
  .transform(value => value === true || value === 'true' || value === '1' || value === 1)
const list = z.union([z.array(z.string()), z.string().transform(text => text.split(/[\s,]+/).filter(Boolean))])

/** Keys of every source of configuration; each is in the environment as HANDHOLD_AGENT_ and its name in capitals. */
export const KEYS = {
  relayUrl: { schema: relayUrl, example: 'https://relay.example.com' },
  proxy: { schema: proxySchema, example: 'http://name:password@proxy.example.com:3128' },
  server: {
    schema: z
      .string()
      .max(253)
      .regex(/^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])$/, 'must be a host name'),
    example: 'relay.example.com',
  },
  port: { schema: number.pipe(z.number().int().min(1).max(65_535)), example: '443' },
  tls: { schema: truth, example: 'true' },
  enrolmentToken: { schema: line(128), example: 'the token that an administrator made' },
  token: { schema: line(128), example: 'the token that an administrator made' },
  tenant: { schema: line(80), example: 'Example Ltd' },
  group: { schema: line(500), example: '/Branches/Kiosks' },
  organisationKey: {
    schema: z
      .string()
      .regex(/^[A-Za-z0-9_-]{43}$/, 'must be the 43 characters that the page “Trust” shows')
      .transform(x => ({ kty: 'OKP', crv: 'Ed25519', x }) as const),
    example: 'k3Jx-Zb0V_9sQmYt7rHcPfLwE2uNgAaDiOoTyXvKe5M',
  },
  userName: { schema: line(80), example: 'Ada Brandt' },
  email: { schema: z.email().max(254), example: 'ada@example.com' },
  domain: { schema: line(120), example: 'EXAMPLE' },
  scripts: { schema: z.enum(SCRIPT_RULES), example: 'certified' },
  personMaySwitch: {
    schema: list.pipe(z.array(z.enum(SWITCHABLE)).max(SWITCHABLE.length)),
    example: SWITCHABLE.join(','),
  },
  withoutConsent: {
    schema: list.pipe(z.array(z.enum(UNASKED_CAUSES)).max(UNASKED_CAUSES.length)),
    example: UNASKED_CAUSES.join(','),
  },
  stateDir: { schema: absolutePath, example: '/var/lib/handhold-agent' },
  displayAddress: { schema: line(200), example: ':0' },
  consentCommand: {
    schema: z.array(z.string().min(1)).min(1),
    example: '["/usr/bin/node","/opt/handhold/consent.js"]',
  },
  helpSocket: { schema: absolutePath, example: '/run/handhold/help.sock' },
  desktopUser: { schema: z.strictObject({ uid: id, gid: id }), example: '{"uid":1000,"gid":1000}' },
  winePrefix: { schema: absolutePath, example: '/home/kiosk/.wine' },
  wineProgram: { schema: absolutePath, example: '/usr/lib/wine/wine64' },
  logLevel: { schema: z.enum(LOG_LEVELS), example: 'info' },
} as const
export type Key = keyof typeof KEYS
export type Values = { [K in Key]?: z.output<(typeof KEYS)[K]['schema']> | undefined }

/** The configuration can't be used. `message` names the key, the problem and an example. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export const environmentName = (key: string): string =>
  `HANDHOLD_AGENT_${key.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`

export function problem(key: Key, what: string, where?: string): ConfigError {
  const place = where === undefined ? '' : ` in ${where}`
  return new ConfigError(`${key} (${environmentName(key)})${place}: ${what}. Example: ${KEYS[key].example}`)
}

import { API_SCOPES } from '#protocol/api-scopes.ts'
import { HandholdError } from '#protocol/errors.ts'
import { apiKeyReplySchema } from '#protocol/identity-http.ts'
import { verifyPass } from '#protocol/pass.ts'
import { verifyLease } from '#protocol/trust/lease.ts'
import { makeNonce, TestRelay } from './relay.ts'
import { TestSession } from './relay-session.ts'
import { seededRandom } from './seeded-random.ts'

export interface MutatedTokens {
  readonly mutatedTokens: number
  /** Must be 0, both: what was taken for good, and what broke something instead of being refused. */
  readonly mutatedTokensAccepted: number
  readonly mutatedTokensFailed: number
}

type Outcome = 'refused' | 'accepted' | 'failed'
type Random = () => number

interface Door {
  readonly token: string
  readonly show: (mutated: string, random: Random) => Promise<Outcome>
}

const CONCURRENT = 16

/** Good tokens, changed in `count` ways, at a real relay over HTTP and at what devices check passes and leases with. The same seed makes the same changes. */
export async function mutateTokens(count: number, seed: number): Promise<MutatedTokens> {
  // Each try comes from another address: what is asked here isn't how fast somebody may try.
  const relay = await TestRelay.start({ config: { trustedProxyHops: 1 } })
  try {
    const doors = await doorsOf(relay)
    const random = seededRandom(seed)
    const outcomes: Record<Outcome, number> = { refused: 0, accepted: 0, failed: 0 }
    let made = 0
    const work = async () => {
      while (made < count) {
        const door = doors[made++ % doors.length] as Door
        outcomes[await door.show(mutated(door.token, random), random)]++
      }
    }
    await Promise.all(Array.from({ length: CONCURRENT }, work))
    const { accepted, failed, refused } = outcomes
    return {
      mutatedTokens: refused + accepted + failed,
      mutatedTokensAccepted: accepted,
      mutatedTokensFailed: failed,
    }
  } finally {
    await relay.close()
  }
}

async function doorsOf(relay: TestRelay): Promise<readonly Door[]> {
  const session = await TestSession.connect(relay)
  await session.activate()
  const { token, device } = session
  const body = { name: 'All', scopes: [...API_SCOPES], expiresInDays: 1 }
  const { key } = apiKeyReplySchema.parse((await relay.call('POST', '/v1/api-keys', { token, body })).body)
  const other = await TestSession.connect(relay)
  await other.grant()
  const nonce = makeNonce()
  await session.agent.request({ type: 'session.lease-request', sessionId: session.id, nonce })
  const { lease } = await session.agent.waitFor('session.lease')
  const { passKeys: keys } = await session.agent.waitFor('welcome')
  const operatorId = (await session.agent.waitFor('session.request')).request.operator.id
  const leaseOf = { keys, deviceId: device.deviceId, sessionId: session.id, operatorId, nonce }
  const passOf = { keys, deviceId: other.device.deviceId, sessionId: other.id, nowMs: Date.now() }
  const enrolmentToken = await relay.mintEnrolmentToken(token, 1_000)
  const enrolBody = await relay.enrolBody(enrolmentToken, device.key)
  const pass = await other.pass()
  const ask = async (random: Random, method: string, path: string, options: { token?: string; body?: unknown }) => {
    const headers = { 'x-forwarded-for': addressOf(random) }
    const { status } = await relay.call(method, path, { ...options, headers })
    return status >= 500 ? 'failed' : status < 400 ? 'accepted' : 'refused'
  }
  return [
    { token, show: (bearer, random) => ask(random, 'GET', '/v1/me', { token: bearer }) },
    { token: key, show: (bearer, random) => ask(random, 'GET', '/v1/devices', { token: bearer }) },
    { token: pass, show: (bearer, random) => ask(random, 'GET', '/v1/me', { token: bearer }) },
    {
      token: enrolmentToken,
      show: (changed, random) => ask(random, 'POST', '/v1/enrol', { body: { ...enrolBody, token: changed } }),
    },
    { token: pass, show: changed => verified(() => verifyPass(changed, passOf)) },
    { token: lease, show: changed => verified(() => verifyLease(changed, leaseOf)) },
  ]
}

const verified = (check: () => Promise<unknown>): Promise<Outcome> =>
  check().then(
    () => 'accepted' as const,
    thrown => (thrown instanceof HandholdError ? 'refused' : 'failed'),
  )

const addressOf = (random: Random): string => `10.${[0, 0, 0].map(() => Math.floor(random() * 250) + 1).join('.')}`

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/=%&"\'\\{}[]:,;!*@'

/** The token, but for one to three changes; never the same bytes again. */
function mutated(token: string, random: Random): string {
  for (;;) {
    let text = token
    for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes--) text = pick(CHANGES, random)(text, random)
    if (!isSame(text, token)) return text
  }
}

const pick = <T>(choices: readonly T[], random: Random): T => choices[Math.floor(random() * choices.length)] as T
const character = (random: Random): string => pick([...ALPHABET], random)
const spot = (text: string, random: Random): number => Math.floor(random() * text.length)

const CHANGES: readonly ((text: string, random: Random) => string)[] = [
  (text, random) => splice(text, spot(text, random), 1, character(random)),
  (text, random) => splice(text, spot(text, random), 0, character(random)),
  (text, random) => splice(text, spot(text, random), 1, ''),
  (text, random) => text.slice(0, spot(text, random)),
  (text, random) => text.slice(spot(text, random)),
  (text, random) => text + text.slice(spot(text, random)),
  text => text.toUpperCase(),
  text => text.split('.').toReversed().join('.'),
  (text, random) => {
    const parts = text.split('.')
    parts[Math.floor(random() * parts.length)] = pick(['', 'e30', '..', 'bnVsbA'], random)
    return parts.join('.')
  },
  (text, random) => {
    const [header, ...rest] = text.split('.')
    if (rest.length === 0) return `${text}.`
    const alg = pick(['none', 'HS256', 'ES256', 'EdDSA ', '', null], random)
    const said = { ...readJson(header), alg, jku: 'https://evil.example', b64: false, crit: ['b64'] }
    return [Buffer.from(JSON.stringify(said)).toString('base64url'), ...rest].join('.')
  },
  (text, random) => {
    const [header, payload, signature] = text.split('.')
    if (signature === undefined) return `${text}=`
    const change = pick([{ exp: 9e15 }, { scopes: ['shell'] }, { sub: 'admin' }, { exp: null }, { aud: [] }], random)
    const said = { ...readJson(payload), ...change }
    return [header, Buffer.from(JSON.stringify(said)).toString('base64url'), signature].join('.')
  },
]

const splice = (text: string, at: number, drop: number, put: string): string =>
  text.slice(0, at) + put + text.slice(at + drop)

function readJson(part: string | undefined): object {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString())
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

/** Base64url has several spellings of the same bytes: the last character of a signature has bits that stand for nothing. */
function isSame(one: string, two: string): boolean {
  const [left, right] = [one, two].map(text =>
    text.split('.').map(part => Buffer.from(part, 'base64url').toString('hex')),
  )
  return one.trim() === two || (two.includes('.') && left?.join('.') === right?.join('.'))
}

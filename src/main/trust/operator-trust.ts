import type { Verification } from '#ipc/verification.ts'
import { HandholdError, toWireError, type WireError } from '#protocol/errors.ts'
import { type Ed25519PublicJwk, thumbprintOf } from '#protocol/keys.ts'
import { signProof } from '#protocol/proof.ts'
import { signStatement } from '#protocol/trust/signed.ts'
import { SESSION_ENDORSEMENT, sessionEndorsementClaimsSchema } from '#protocol/trust/strict/endorsement.ts'
import { type OperatorChain, verifyCertificate } from '#protocol/trust/strict/operator-chain.ts'
import { isStrict, wordsOf } from '#protocol/trust/strict/standing.ts'
import { type OperatorKeyView, operatorKeyBodySchema, ownOperatorKeysReplySchema } from '#protocol/trust-http.ts'
import type { Auth } from '../auth/auth.ts'
import { requestRelay } from '../relay-client/http.ts'
import type { StartSession } from '../sessions/start-session.ts'
import type { SecretStore } from '../shell/shell.ts'
import type { DevicePins } from './device-pins.ts'
import { type OperatorKey, openOperatorKey } from './operator-key.ts'
import { type SeenOrganisation, seeOrganisation } from './organisation-pin.ts'

export interface OperatorTrustDependencies {
  readonly auth: Pick<Auth, 'state' | 'credentials'>
  readonly secrets: SecretStore
  readonly pins: Pick<DevicePins, 'list'>
  /** What people call this computer. */
  readonly computer: string
  readonly nowMs?: () => number
}

/** Who is signed in where. */
export interface SignedIn {
  readonly origin: string
  readonly token: string
  readonly userId: string
  readonly organisationId: string
}

export interface OperatorTrust {
  /** Asks the relay for this app's certificate and for the organisation's orders, and makes the app's key known there. */
  refresh(): Promise<void>
  /** This app's own key, for what it orders, and its certificate; null while it has none. */
  own(): Promise<{ readonly key: OperatorKey; readonly certificate: string | null }>
  /** This app's word for a session, with its certificate; undefined while it has none. */
  endorse(session: StartSession, sessionKey: Ed25519PublicJwk): Promise<OperatorChain | undefined>
  verification(): Promise<Verification>
}

interface Known {
  readonly key: OperatorKey
  readonly seen: SeenOrganisation
  readonly certificate: string | null
}

/** This app's own key, what the organisation's key says of it, and the keys of others that the app goes by. */
export function setupOperatorTrust(dependencies: OperatorTrustDependencies): OperatorTrust {
  const { auth, secrets, pins, computer, nowMs = Date.now } = dependencies
  let known: { readonly of: SignedIn; readonly value: Promise<Known> } | undefined

  async function ask(who: SignedIn): Promise<Known> {
    const key = await openOperatorKey(secrets, who, nowMs)
    const reply = await ownKeys(who)
    const own = findKey(reply.keys, key)
    if (!own) await register(who, key)
    const seen = await seeOrganisation(secrets, who, reply.orders, nowMs())
    return { key, seen, certificate: own?.certificate ?? null }
  }

  const ownKeys = ({ origin, token }: SignedIn) =>
    requestRelay(origin, { method: 'GET', path: '/v1/me/operator-keys', token, reply: ownOperatorKeysReplySchema })

  async function register({ origin, token, userId, organisationId }: SignedIn, key: OperatorKey): Promise<void> {
    const claims = { operatorId: userId, organisationId, key: key.publicKey }
    const proof = await signProof('operatorKey', claims, key.privateKey, key.publicKey)
    const body = operatorKeyBodySchema.parse({ key: key.publicKey, proof, computer })
    await requestRelay(origin, { method: 'POST', path: '/v1/me/operator-keys', token, body })
  }

  function read(isFresh: boolean): Promise<Known> {
    const who = signedIn(auth)
    if (isFresh || known?.of.token !== who.token) {
      const value = ask(who)
      known = { of: who, value }
      // What failed is asked again the next time.
      value.catch(() => {
        if (known?.value === value) known = undefined
      })
    }
    return known?.value ?? ask(who)
  }

  return {
    refresh: async () => void (await read(true)),

    own: () => read(false),

    async endorse({ deviceId, scopes, isUnattended, reason, ticketReference }, sessionKey) {
      const { key, certificate } = await read(false)
      if (certificate === null) return undefined
      const claims = sessionEndorsementClaimsSchema.parse({
        version: 1,
        deviceId,
        sessionKey: await thumbprintOf(sessionKey),
        scopes,
        unattended: isUnattended,
        reason,
        ticket: ticketReference,
      })
      return {
        certificate,
        endorsement: await signStatement(SESSION_ENDORSEMENT, claims, key.privateKey, key.publicKey),
      }
    },

    async verification() {
      const who = signedIn(auth)
      const [{ key, seen, certificate }, devices] = await Promise.all([read(true), pins.list(who.origin)])
      return {
        own: {
          words: await wordsOf(key.publicKey),
          sinceMs: key.createdAtMs,
          ...(await judge(seen, certificate, nowMs())),
        },
        organisation: await organisationView(seen),
        devices: await Promise.all(
          devices.map(async ({ deviceId, deviceName, key, firstSeenAtMs, lastUsedAtMs, refused }) => ({
            deviceId,
            deviceName,
            words: await wordsOf(key),
            firstSeenAtMs,
            lastUsedAtMs,
            refused: await history(refused),
          })),
        ),
      }
    },
  }
}

/** Throws `unauthenticated`. */
export function signedIn(auth: Pick<Auth, 'state' | 'credentials'>): SignedIn {
  const [state, credentials] = [auth.state.get(), auth.credentials.get()]
  if (state.name !== 'signed-in' || !credentials)
    throw new HandholdError('unauthenticated', 'Sign in to see the keys of this organisation.')
  return { ...credentials, userId: state.user.id, organisationId: state.organisation.id }
}

const findKey = (keys: readonly OperatorKeyView[], { publicKey }: OperatorKey) =>
  keys.find(({ key }) => key.x === publicKey.x)

async function judge({ pin }: SeenOrganisation, certificate: string | null, nowMs: number) {
  const none = { expiresAtMs: null, problem: null }
  if (certificate === null)
    return { certificate: pin && isStrict(pin) ? ('missing' as const) : ('not-needed' as const), ...none }
  try {
    if (!pin) throw new HandholdError('certificate-invalid', 'The relay shows a certificate, but no key that made it.')
    const { claims } = await verifyCertificate(certificate, pin, nowMs)
    return { certificate: 'valid' as const, expiresAtMs: claims.expiresAtMs, problem: null }
  } catch (thrown) {
    return { certificate: 'refused' as const, expiresAtMs: null, problem: toWireError(thrown) satisfies WireError }
  }
}

async function organisationView({ pin, problem }: SeenOrganisation): Promise<Verification['organisation']> {
  if (!pin) return null
  return {
    words: await wordsOf(pin.key),
    strict: isStrict(pin),
    validUntilMs: pin.order?.validUntilMs ?? null,
    history: await history(pin.history),
    problem,
  }
}

const history = (keys: readonly { readonly key: Ed25519PublicJwk; readonly atMs: number }[]) =>
  Promise.all(keys.map(async ({ key, atMs }) => ({ words: await wordsOf(key), atMs })))

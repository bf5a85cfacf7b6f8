import { randomBytes } from 'node:crypto'
import { idFromBytes } from '#protocol/ids.ts'
import type { OperatorChain } from '#protocol/trust/strict/operator-chain.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import { makeTestKey } from '../keys.ts'
import type { CertificateChange, EndorsementChange, OrderChange, StrictOrganisation } from '../strict-organisation.ts'
import { claimsOf } from './impostor-attacks.ts'
import type { Recording } from './recording.ts'
import { FIRST_ORDER } from './rig.ts'
import { type Attack, forgeTranscript, type HostileSession } from './session.ts'

const DAY_MS = 24 * 60 * 60_000
const dev = () => idFromBytes('device', randomBytes(16))

/** The relay asks in an operator's name with a key of its own, and comes in by a pass that it signs with the real signing key. */
async function mint(
  session: HostileSession,
  chainFor: (thumbprint: string) => Promise<OperatorChain | undefined>,
  change: Partial<SessionRequest> = {},
): Promise<void> {
  const { relay } = session.rig
  const key = await makeTestKey()
  const operatorChain = await chainFor(key.thumbprint)
  const { sessionId } = await session.ask({ operatorKeyThumbprint: key.thumbprint, operatorChain, ...change })
  session.answerDevice(async (_, answer, offer) => forgeTranscript(key, await claimsOf(session, answer, offer)))
  const { agentNonce } = await session.granted()
  const pass = await relay.pass({ sessionId, scopes: session.scopes, boundTo: key.publicKey })
  await relay.send({ type: 'session.join', sessionId, pass, proof: await relay.proof(sessionId, agentNonce, key) })
}

const mints = (
  name: string,
  chain: (session: HostileSession, thumbprint: string) => Promise<OperatorChain | undefined>,
  change?: Partial<SessionRequest>,
): Attack => ({
  name: `mints everything ${name}`,
  run: session => mint(session, thumbprint => chain(session, thumbprint), change),
  toOperator: async (signal, session) => {
    await session.impostors[0]?.handleSignal(signal)
    return []
  },
})

/** The relay has the key of an operator's app too, with a certificate that isn't good here and now. */
const colludes = (name: string, certificate: CertificateChange, change?: Partial<SessionRequest>): Attack =>
  mints(
    `with an operator whose certificate ${name}`,
    (session, thumbprint) => session.endorsed(thumbprint, certificate),
    change,
  )

/** An honest endorsement that was made for something else, with the relay's own key in it only where the operator signed that. */
const borrows = (name: string, endorsement: EndorsementChange): Attack =>
  mints(`by an endorsement ${name}`, (session, thumbprint) => session.endorsed(thumbprint, {}, endorsement))

/** The relay says something in the organisation key's name first. What the device thinks of it shows in whether the relay then comes in. */
const says = (
  name: string,
  orders: (organisation: StrictOrganisation) => Promise<string[]>,
  certificate: (session: HostileSession) => Promise<CertificateChange | null>,
): Attack => ({
  ...mints(name, async () => undefined),
  name,
  run: async session => {
    const { relay, organisation } = session.rig
    if (!organisation) return
    for (const order of await orders(organisation))
      await relay.send({ type: 'organisation.order', order }).catch(() => undefined)
    const change = await certificate(session)
    await mint(session, async thumbprint => (change ? session.endorsed(thumbprint, change) : undefined))
  },
})

/** What only a strict organisation's device stands against: a relay that has the signing key, the database and whatever it kept of before. */
export const strictAttacks = (recorded: Recording): readonly Attack[] => {
  const relayKey = makeTestKey()
  const byRelay = async (): Promise<CertificateChange> => ({ by: await relayKey })
  const order = (change: OrderChange) => async (organisation: StrictOrganisation) => [
    await organisation.order({ by: await relayKey, sequence: FIRST_ORDER + 100, ...change }),
  ]
  return [
    mints('without a certificate', async () => undefined),
    mints('with another session’s certificate and endorsement', async () => recorded.chain),
    mints('with a certificate by a key of its own', async (session, thumbprint) =>
      session.endorsed(thumbprint, await byRelay()),
    ),
    mints('with an operator’s certificate and an endorsement of its own', async (session, thumbprint) =>
      session.endorsed(thumbprint, {}, { by: await relayKey }),
    ),
    mints('with an operator’s certificate for a key of its own', async (session, thumbprint) => {
      const key = await relayKey
      const forged = await session.endorsed(thumbprint, { key: key.publicKey, by: key }, { by: key })
      const real = await session.endorsed(thumbprint)
      const [, claims] = forged?.certificate.split('.') ?? []
      const [header, , signature] = real?.certificate.split('.') ?? []
      return forged && { ...forged, certificate: [header, claims, signature].join('.') }
    }),
    colludes('has run out', { expiresAtMs: Date.now() - DAY_MS, issuedAtMs: Date.now() - 2 * DAY_MS }),
    colludes('begins tomorrow', { notBeforeMs: Date.now() + DAY_MS }),
    colludes('is of another operator', { operator: { id: 'operator-2', name: 'Ben', email: 'ben@riverside.example' } }),
    colludes('is of another organisation', {
      organisation: { id: idFromBytes('organisation', randomBytes(16)), name: 'Riverside Clinic' },
    }),
    colludes('allows less', { scopes: ['view'] }),
    colludes('is newer than any order that the relay hands on', { sequence: FIRST_ORDER + 1 }),
    colludes(
      'is right, in another organisation’s name',
      {},
      {
        organisation: { id: idFromBytes('organisation', randomBytes(16)), name: 'Riverside Clinic' },
      },
    ),
    borrows('for another device', { deviceId: dev() }),
    borrows('for another key', { sessionKey: randomBytes(32).toString('base64url') }),
    borrows('for less', { scopes: ['view'] }),
    borrows('with other words for the person', { reason: 'Payroll' }),
    borrows('for another ticket', { ticket: null }),
    borrows('for a session without a person', { unattended: true }),
    says('swaps the organisation key', order({}), byRelay),
    says('hands the organisation over to its own key', order({ nextKey: null, sequence: FIRST_ORDER + 1 }), byRelay),
    says('turns strict off', order({ strict: false }), async () => null),
    says(
      'turns strict off by an order of before',
      async organisation => [await organisation.order({ sequence: 1, strict: false })],
      async () => null,
    ),
    says(
      'turns strict off in another organisation’s name',
      order({
        strict: false,
        organisationId: idFromBytes('organisation', randomBytes(16)),
      }),
      async () => null,
    ),
    says(
      'hides a revocation by the order of before it',
      async organisation => [
        await organisation.order({ sequence: FIRST_ORDER + 2, revoked: [['operator-1', Date.now()]] }),
        await organisation.order({ sequence: FIRST_ORDER }),
      ],
      async () => ({ issuedAtMs: Date.now() - DAY_MS }),
    ),
    says(
      'hides every order until the last one that it hands on has run out',
      async organisation => [
        await organisation.order({
          sequence: FIRST_ORDER + 3,
          issuedAtMs: Date.now() - 2 * DAY_MS,
          validUntilMs: Date.now() - DAY_MS,
        }),
      ],
      async () => ({ issuedAtMs: Date.now() }),
    ),
  ]
}

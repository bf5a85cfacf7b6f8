import { randomBytes } from 'node:crypto'
import type { TrustCalls, TrustState } from '#ipc/admin/trust.ts'
import type { CallHandlers } from '#ipc/contract.ts'
import { HandholdError, toWireError } from '#protocol/errors.ts'
import { wordsOf } from '#protocol/trust/strict/standing.ts'
import { organisationTrustReplySchema } from '#protocol/trust-http.ts'
import type { Auth } from '../auth/auth.ts'
import { requestRelay } from '../relay-client/http.ts'
import type { SecretStore, Shell } from '../shell/shell.ts'
import { appView, signCertificate } from './certificates.ts'
import { openBackup, sealBackup } from './key-backup.ts'
import { openOperatorKey } from './operator-key.ts'
import { type SignedIn, signedIn } from './operator-trust.ts'
import { nextOrder, type OrderChange, withRevoked } from './orders.ts'
import { type KeptOrganisationKey, OrganisationKeyFile } from './organisation-key.ts'
import { forgetOrganisationPin, seeOrganisation } from './organisation-pin.ts'
import { phraseOf, seedOfPhrase } from './recovery-phrase.ts'
import { keyFromSeed, SEED_BYTES, type SeedKey } from './seed-key.ts'

export interface OrganisationAdminDependencies {
  readonly auth: Pick<Auth, 'state' | 'credentials'>
  readonly secrets: SecretStore
  readonly shell: Pick<Shell, 'saveFile'>
  readonly nowMs?: () => number
}

export type OrganisationAdmin = CallHandlers<{ calls: TrustCalls; events: Record<never, never> }>

/** What an administrator does with the organisation's key. The relay gets what the key signs, never the key. */
export function setupOrganisationAdmin(dependencies: OrganisationAdminDependencies): OrganisationAdmin {
  const { auth, secrets, shell, nowMs = Date.now } = dependencies

  const fetchTrust = ({ origin, token }: SignedIn) =>
    requestRelay(origin, { method: 'GET', path: '/v1/organisation-trust', token, reply: organisationTrustReplySchema })

  const post = ({ origin, token }: SignedIn, what: string, body: object) =>
    requestRelay(origin, { method: 'POST', path: `/v1/organisation-trust/${what}`, token, body })

  /** Everything that is known, with the key where this app has it. */
  async function look() {
    const who = signedIn(auth)
    const { orders, keys } = await fetchTrust(who)
    const seen = await seeOrganisation(secrets, who, orders, nowMs())
    const file = new OrganisationKeyFile(secrets, who)
    return { who, keys, seen, file, kept: await file.read() }
  }

  /** The same for what takes the key. Rejects where this app has none, or another one than the organisation's. */
  async function withKey() {
    const { kept, seen, ...rest } = await look()
    if (!kept)
      throw new HandholdError(
        'not-found',
        'The organisation’s key isn’t in this app. Restore it here, or use the app that has it.',
      )
    if (seen.pin && seen.pin.key.x !== kept.key.publicKey.x)
      throw new HandholdError('organisation-key-changed', await notThisKey(kept.key, seen.pin.key))
    // A relay that shows another key's word is nobody to publish anything by.
    if (seen.problem) throw HandholdError.fromWire(seen.problem)
    // Whichever is newer: the relay may hide one, and another administrator's app may have said one.
    const known = [kept.order, seen.pin?.order ?? null].toSorted(
      (one, two) => (two?.sequence ?? 0) - (one?.sequence ?? 0),
    )
    return { ...rest, kept, order: known[0] ?? null }
  }

  /** Signs the next order with `by`, makes it known and remembers it. Kept here first: a number isn't used twice, whatever becomes of the relay's answer. */
  async function say(
    { who, file, kept, order }: Awaited<ReturnType<typeof withKey>>,
    change: OrderChange,
    next: SeedKey = kept.key,
  ): Promise<KeptOrganisationKey> {
    const said = await nextOrder({ by: kept.key, order, organisationId: who.organisationId, nowMs: nowMs(), change })
    await file.write({ ...kept, order: said.claims })
    await post(who, 'orders', { order: said.text })
    const after = { key: next, order: said.claims, backedUpAtMs: next === kept.key ? kept.backedUpAtMs : null }
    await file.write(after)
    return after
  }

  async function adopt(key: SeedKey): Promise<void> {
    const { file, seen } = await look()
    if (seen.pin && seen.pin.key.x !== key.publicKey.x)
      throw new HandholdError('organisation-key-changed', await notThisKey(key, seen.pin.key))
    await file.write({ key, order: seen.pin?.order ?? null, backedUpAtMs: nowMs() })
  }

  /** With an order that lasts: each certificate that is made is an occasion to say it anew. */
  async function withFreshOrder() {
    const known = await withKey()
    if (known.order && known.order.issuedAtMs > nowMs() - RENEW_AFTER_MS) return known
    const kept = await say(known, {})
    return { ...known, kept, order: kept.order }
  }

  return {
    async trust(): Promise<TrustState> {
      const { who, keys, seen, kept } = await look()
      const own = await openOperatorKey(secrets, who, nowMs)
      const { pin } = seen
      const key = pin?.key ?? kept?.key.publicKey
      return {
        key: key
          ? {
              words: await wordsOf(key),
              text: key.x,
              isHere: kept?.key.publicKey.x === key.x,
              backedUpAtMs: kept?.backedUpAtMs ?? null,
            }
          : null,
        order: pin?.order ?? null,
        problem:
          seen.problem ??
          (kept && pin && kept.key.publicKey.x !== pin.key.x ? await problemOf(kept.key, pin.key) : null),
        apps: await Promise.all(keys.map(view => appView(view, pin, own.publicKey, nowMs()))),
      }
    },

    async makeOrganisationKey() {
      const { file, kept, seen } = await look()
      if (kept || seen.pin)
        throw new HandholdError('name-taken', 'The organisation has a key. Hand it over, or forget it first.')
      const key = await keyFromSeed(randomBytes(SEED_BYTES))
      await file.write({ key, order: null, backedUpAtMs: null })
      // Devices learn it from now on, and let everybody in as before until it says otherwise.
      await say(await withKey(), { strict: false })
    },

    async organisationPhrase() {
      const { kept } = await withKey()
      return { words: phraseOf(kept.key.seed) }
    },

    async saveOrganisationBackup({ passphrase }) {
      const { kept, file } = await withKey()
      const state = auth.state.get()
      if (state.name !== 'signed-in') throw new HandholdError('unauthenticated', 'Sign in first.')
      const contents = await sealBackup(kept.key, state.organisation, passphrase)
      const name = await shell.saveFile({ suggestedName: 'handhold-organisation-key.json', contents })
      if (name === undefined) return null
      await file.write({ ...kept, backedUpAtMs: nowMs() })
      return { name }
    },

    async restoreOrganisationKey(input) {
      if (input.from === 'phrase') return adopt(await keyFromSeed(seedOfPhrase(input.phrase)))
      const { key, organisation } = await openBackup(input.text, input.passphrase)
      if (organisation.id !== signedIn(auth).organisationId)
        throw new HandholdError('backup-invalid', `This is the key of another organisation: ${organisation.name}.`)
      await adopt(key)
    },

    setStrict: async ({ strict }) => void (await say(await withKey(), { strict })),

    renewOrganisationOrder: async () => void (await say(await withKey(), {})),

    async handOverOrganisationKey() {
      const known = await withFreshOrder()
      const next = await keyFromSeed(randomBytes(SEED_BYTES))
      const { keys, who } = known
      const pin = { key: known.kept.key.publicKey, order: known.order, history: [] }
      const valid = await Promise.all(keys.map(view => appView(view, pin, null, nowMs())))
      const after = await say(known, { nextKey: next.publicKey }, next)
      for (const [index, app] of valid.entries()) {
        const view = keys[index]
        if (app.state !== 'valid' || !view || app.expiresAtMs === null) continue
        const grant = { expiresAtMs: app.expiresAtMs, tools: app.tools, unattended: app.unattended }
        const organisation = organisationOf(auth)
        const certificate = await signCertificate(after, {
          view: { ...view, operator: app.operator },
          organisation,
          grant,
          nowMs: nowMs(),
        })
        await post(who, 'certificates', { certificate })
      }
    },

    async certifyApp({ operatorId, thumbprint, words, days, tools, unattended }) {
      const { keys, who, kept, order } = await withFreshOrder()
      const own = await openOperatorKey(secrets, who, nowMs)
      const pin = { key: kept.key.publicKey, order, history: [] }
      const apps = await Promise.all(keys.map(view => appView(view, pin, own.publicKey, nowMs())))
      const index = apps.findIndex(app => app.operator.id === operatorId && app.thumbprint === thumbprint)
      const [app, view] = [apps[index], keys[index]]
      if (!app || !view) throw new HandholdError('not-found', 'This app is no longer known. Load the page anew.')
      // The relay could show a key of its own in the person's name: what counts is what they read from their own screen.
      const isKnown = app.isThisApp || app.state === 'valid'
      if (!isKnown && normal(words ?? '') !== (await wordsOf(view.key)))
        throw new HandholdError(
          'identity-changed',
          `These aren’t the words of the key that the relay shows for ${app.operator.name}. Have them read again from “Keys” in their app. If they are right, the relay shows a wrong key: certify nothing.`,
        )
      const grant = { expiresAtMs: nowMs() + days * DAY_MS, tools, unattended }
      const certificate = await signCertificate(
        { ...kept, order },
        { view: { ...view, operator: app.operator }, organisation: organisationOf(auth), grant, nowMs: nowMs() },
      )
      await post(who, 'certificates', { certificate })
    },

    async revokeCertificates({ operatorId }) {
      const known = await withKey()
      await say(known, { revoked: withRevoked(known.order?.revoked ?? [], operatorId, nowMs()) })
    },

    async forgetOrganisationKey() {
      const { who, file } = await look()
      const { origin, token } = who
      await requestRelay(origin, { method: 'DELETE', path: '/v1/organisation-trust', token })
      await file.forget()
      await forgetOrganisationPin(secrets, origin, who.organisationId)
    },
  }
}

const DAY_MS = 24 * 60 * 60_000
const RENEW_AFTER_MS = 10 * DAY_MS

const normal = (words: string): string =>
  words
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean)
    .join(' ')

function organisationOf(auth: Pick<Auth, 'state'>) {
  const state = auth.state.get()
  if (state.name !== 'signed-in') throw new HandholdError('unauthenticated', 'Sign in first.')
  return state.organisation
}

async function notThisKey(own: SeedKey, expected: SeedKey['publicKey']): Promise<string> {
  const [is, was] = await Promise.all([wordsOf(own.publicKey), wordsOf(expected)])
  return `This is another key than the organisation’s. Expected: ${was}. This one: ${is}.`
}

const problemOf = async (own: SeedKey, expected: SeedKey['publicKey']) =>
  toWireError(new HandholdError('organisation-key-changed', await notThisKey(own, expected)))

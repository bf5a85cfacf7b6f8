import { randomBytes } from 'node:crypto'
import type { TrustCalls, TrustState } from '#ipc/admin/trust.ts'
import type { CallHandlers } from '#ipc/contract.ts'
import { HandholdError } from '#protocol/errors.ts'
import { wordsOf } from '#protocol/trust/strict/standing.ts'
import type { Auth } from '../auth/auth.ts'
import { requestRelay } from '../relay-client/http.ts'
import type { SecretStore, Shell } from '../shell/shell.ts'
import { appView, signCertificate } from './certificates.ts'
import { openBackup, sealBackup } from './key-backup.ts'
import { openOperatorKey } from './operator-key.ts'
import { signedIn } from './operator-trust.ts'
import { withRevoked } from './orders.ts'
import { forgetOrganisationPin } from './organisation-pin.ts'
import { notThisKey, OrganisationSigner } from './organisation-signer.ts'
import { phraseOf, seedOfPhrase } from './recovery-phrase.ts'
import { keyFromSeed, SEED_BYTES } from './seed-key.ts'

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

  const signer = new OrganisationSigner(auth, secrets, nowMs)

  return {
    async trust(): Promise<TrustState> {
      const { who, keys, seen, kept } = await signer.look()
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
          (kept && pin && kept.key.publicKey.x !== pin.key.x ? (await notThisKey(kept.key, pin.key)).toWire() : null),
        apps: await Promise.all(keys.map(view => appView(view, pin, own.publicKey, nowMs()))),
      }
    },

    async makeOrganisationKey() {
      const { file, kept, seen } = await signer.look()
      if (seen.pin)
        throw new HandholdError('name-taken', 'The organisation has a key. Hand it over, or forget it first.')
      // One that was made before and that the relay didn't take then is made known now.
      const key = kept?.key ?? (await keyFromSeed(randomBytes(SEED_BYTES)))
      await file.write(kept ?? { key, sequence: 0, backedUpAtMs: null, next: null })
      // Devices learn it from now on, and let everybody in as before until it says otherwise.
      await signer.say(await signer.withKey(), { strict: false })
    },

    async organisationPhrase() {
      const { kept } = await signer.withKey()
      return { words: phraseOf(kept.key.seed) }
    },

    async saveOrganisationBackup({ passphrase }) {
      const { kept, file } = await signer.withKey()
      const state = auth.state.get()
      if (state.name !== 'signed-in') throw new HandholdError('unauthenticated', 'Sign in first.')
      const contents = await sealBackup(kept.key, state.organisation, passphrase)
      const name = await shell.saveFile({ suggestedName: 'handhold-organisation-key.json', contents })
      if (name === undefined) return null
      await file.write({ ...kept, backedUpAtMs: nowMs() })
      return { name }
    },

    async restoreOrganisationKey(input) {
      if (input.from === 'phrase') return signer.adopt(await keyFromSeed(seedOfPhrase(input.phrase)))
      const { key, organisation } = await openBackup(input.text, input.passphrase)
      if (organisation.id !== signedIn(auth).organisationId)
        throw new HandholdError('backup-invalid', `This is the key of another organisation: ${organisation.name}.`)
      await signer.adopt(key)
    },

    setStrict: async ({ strict }) => void (await signer.say(await signer.withKey(), { strict })),

    renewOrganisationOrder: async () => void (await signer.say(await signer.withKey(), {})),

    async handOverOrganisationKey() {
      const known = await signer.withFreshOrder()
      const { keys, who } = known
      const pin = { key: known.kept.key.publicKey, order: known.order, history: [] }
      const valid = await Promise.all(keys.map(view => appView(view, pin, null, nowMs())))
      const key = known.kept.next ?? (await keyFromSeed(randomBytes(SEED_BYTES)))
      const { sequence } = await signer.handOver(known, key)
      for (const [index, app] of valid.entries()) {
        const view = keys[index]
        if (app.state !== 'valid' || !view || app.expiresAtMs === null) continue
        const grant = { expiresAtMs: app.expiresAtMs, tools: app.tools, unattended: app.unattended }
        const organisation = organisationOf(auth)
        const certificate = await signCertificate(
          { key, sequence },
          {
            view: { ...view, operator: app.operator },
            organisation,
            grant,
            nowMs: nowMs(),
          },
        )
        await signer.post(who, 'certificates', { certificate })
      }
    },

    async certifyApp({ operatorId, thumbprint, words, days, tools, unattended }) {
      const { keys, who, kept, order } = await signer.withFreshOrder()
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
        { key: kept.key, sequence: order.sequence },
        { view: { ...view, operator: app.operator }, organisation: organisationOf(auth), grant, nowMs: nowMs() },
      )
      await signer.post(who, 'certificates', { certificate })
    },

    async revokeCertificates({ operatorId }) {
      const known = await signer.withKey()
      await signer.say(known, { revoked: withRevoked(known.order?.revoked ?? [], operatorId, nowMs()) })
    },

    async forgetOrganisationKey() {
      const { who, file } = await signer.look()
      const { origin, token } = who
      await requestRelay(origin, { method: 'DELETE', path: '/v1/organisation-trust', token })
      await file.forget()
      await forgetOrganisationPin(secrets, origin, who.organisationId)
    },
  }
}

const DAY_MS = 24 * 60 * 60_000

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

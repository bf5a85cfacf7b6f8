import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CertifiedApp } from '#ipc/admin/trust.ts'
import type { AuthState } from '#ipc/operator.ts'
import { meReplySchema, sessionReplySchema } from '#protocol/http.ts'
import { problemSchema } from '#protocol/problem.ts'
import { verifyOperatorChain } from '#protocol/trust/strict/operator-chain.ts'
import { firstStanding, follow, type Standing } from '#protocol/trust/strict/standing.ts'
import { makeTestKey } from '#testing/keys.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { memorySecrets } from '#testing/memory-secrets.ts'
import { type AgentSocket, type TestDevice, TestRelay } from '#testing/relay.ts'
import type { Credentials } from '../auth/auth.ts'
import type { SecretStore } from '../shell/shell.ts'
import { State } from '../state.ts'
import { setupDevicePins } from './device-pins.ts'
import { setupOperatorTrust } from './operator-trust.ts'
import { setupOrganisationAdmin } from './organisation-admin.ts'

const DAY_MS = 24 * 60 * 60_000
const PASSPHRASE = 'a ferry over the river'

let relay: TestRelay
let clock: ManualClock
let device: TestDevice
let agent: AgentSocket
/** As the device would follow it. */
let standing: Standing | undefined

beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  device = await relay.enrol(await relay.mintEnrolmentToken(await relay.signIn()))
  standing = undefined
  agent = await relay.openAgentSocket(device, { onMessage: hear })
})
afterEach(() => relay.close())

async function hear(message: { type: string; order?: unknown }): Promise<void> {
  if (message.type !== 'organisation.order') return
  const order = String(message.order)
  standing = standing ? await follow(standing, order).catch(() => standing) : await firstStanding(order)
}

/** The operator app of a person, with a file that was saved last. */
async function app(token: string, secrets: SecretStore & { kept?: Map<string, string> } = memorySecrets()) {
  const me = meReplySchema.parse((await relay.call('GET', '/v1/me', { token })).body)
  const auth = {
    state: new State<AuthState>({ name: 'signed-in', relayUrl: relay.url, ...me }),
    credentials: new State<Credentials | undefined>({ origin: relay.url, token }),
  }
  const nowMs = () => clock.nowMs()
  const saved: string[] = []
  const saveFile = async ({ contents }: { contents: string | Uint8Array }) => {
    saved.push(String(contents))
    return 'key.json'
  }
  const shell = { saveFile }
  const trust = setupOperatorTrust({ auth, secrets, pins: setupDevicePins(secrets, nowMs), computer: 'desk-1', nowMs })
  return { me, secrets, saved, trust, admin: setupOrganisationAdmin({ auth, secrets, shell, nowMs }), token }
}
type App = Awaited<ReturnType<typeof app>>

const own = async ({ admin, me }: App) => (await admin.trust()).apps.find(({ operator }) => operator.id === me.user.id)

async function certify(by: App, whom: App, words: string | null, days = 30): Promise<void> {
  const found = await by.admin.trust()
  const isTheirs = ({ operator, isThisApp }: CertifiedApp) =>
    operator.id === whom.me.user.id && (isThisApp || by !== whom)
  const { thumbprint = '' } = found.apps.find(isTheirs) ?? {}
  const operatorId = whom.me.user.id
  await by.admin.certifyApp({ operatorId, thumbprint, words, days, tools: false, unattended: false })
}

const wordsOf = async ({ trust }: App): Promise<string> => (await trust.verification()).own.words

/** What the relay answers to a request of this app, and what the device would say to it. */
async function ask({ trust, token, me }: App): Promise<string> {
  await trust.refresh()
  const { publicKey, thumbprint } = await makeTestKey()
  const words = { deviceId: device.deviceId, reason: '  Printer\u202e ', scopes: ['view' as const] }
  const operatorChain = await trust.endorse({ ...words, ticketReference: null, isUnattended: false }, publicKey)
  const body = { ...words, ticket: null, operatorKey: publicKey, ...(operatorChain && { operatorChain }) }
  const reply = await relay.call('POST', '/v1/sessions', { token, body })
  if (reply.status !== 200) return problemSchema.parse(reply.body).code
  const { session } = sessionReplySchema.parse(reply.body)
  const { request } = await agent.waitFor('session.request', message => message.request.sessionId === session.id)
  await relay.call('POST', `/v1/sessions/${session.id}/end`, { token })
  await agent.request({ type: 'session.event', sessionId: session.id, event: { type: 'torn-down' } })
  if (!standing || standing.order?.strict === false) return 'asked'
  const expected = { organisationId: me.organisation.id, operatorId: me.user.id, deviceId: device.deviceId }
  const shown = { reason: request.reason, ticket: request.ticket, scopes: request.scopes, unattended: false }
  const all = { ...expected, ...shown, sessionKeyThumbprint: thumbprint }
  await verifyOperatorChain(request.operatorChain, standing, all, clock.nowMs())
  return 'asked and vouched for'
}

describe('an organisation’s key', () => {
  it('is made in an app and never leaves it; who it certified comes in, and nobody else', async () => {
    const ada = await app(await relay.signIn())
    const bob = await app(await relay.signIn(await relay.addOperator(ada.token, 'bob@example.org')))
    await ada.trust.refresh()
    await ada.admin.makeOrganisationKey()
    expect(await ask(bob)).toBe('asked')
    await certify(ada, ada, null)
    await ada.admin.setStrict({ strict: true })
    expect(await ask(ada)).toBe('asked and vouched for')
    expect(await ask(bob)).toBe('certificate-required')
    expect((await bob.trust.verification()).own.certificate).toBe('missing')
    await certify(ada, bob, `${(await wordsOf(bob)).toUpperCase().replaceAll(' ', ' - ')} `)
    expect(await ask(bob)).toBe('asked and vouched for')
    const seed = JSON.parse(
      [...(ada.secrets.kept ?? [])].find(([name]) => name.startsWith('organisation-key:'))?.[1] ?? '',
    ).seed
    const everything = await relay.call('GET', '/v1/organisation-trust', { token: ada.token })
    const audit = await relay.call('GET', '/v1/audit', { token: ada.token })
    expect(JSON.stringify([everything.body, audit.body])).not.toContain(seed)
    const actions = (audit.body as { entries: { action: string }[] }).entries.map(({ action }) => action)
    expect(actions).toEqual(expect.arrayContaining(['trust.order', 'certificate.kept', 'operator-key.registered']))
  })

  it('A130 certifies no key that the relay shows in somebody’s name: the words come from the person', async () => {
    const ada = await app(await relay.signIn())
    const bob = await app(await relay.signIn(await relay.addOperator(ada.token, 'bob@example.org')))
    await Promise.all([ada.trust.refresh(), bob.trust.refresh()])
    await ada.admin.makeOrganisationKey()
    for (const words of [null, '', await wordsOf(ada), (await wordsOf(bob)).split(' ').slice(1).join(' ')])
      await expect(certify(ada, bob, words)).rejects.toMatchObject({ code: 'identity-changed' })
    expect((await own(ada))?.state).toBe('none')
  })

  it('revokes a person, and takes them back by a new certificate alone', async () => {
    const ada = await app(await relay.signIn())
    const bob = await app(await relay.signIn(await relay.addOperator(ada.token, 'bob@example.org')))
    await Promise.all([ada.trust.refresh(), bob.trust.refresh()])
    await ada.admin.makeOrganisationKey()
    await ada.admin.setStrict({ strict: true })
    await certify(ada, bob, await wordsOf(bob))
    clock.advance(1_000)
    await ada.admin.revokeCertificates({ operatorId: bob.me.user.id })
    expect(await ask(bob)).toBe('certificate-revoked')
    expect((await ada.admin.trust()).apps.find(({ operator }) => operator.name.includes('bob'))?.state).toBe('revoked')
    await certify(ada, bob, await wordsOf(bob))
    expect(await ask(bob)).toBe('asked and vouched for')
  })

  it('A40 isn’t exchanged by a relay: the app says which one it expects', async () => {
    const ada = await app(await relay.signIn())
    await ada.trust.refresh()
    await ada.admin.makeOrganisationKey()
    const expected = (await ada.trust.verification()).organisation?.words
    await relay.call('DELETE', '/v1/organisation-trust', { token: ada.token })
    clock.advance(5_000)
    const eve = await app(ada.token)
    await eve.admin.makeOrganisationKey()
    const { organisation } = await ada.trust.verification()
    expect(organisation).toMatchObject({ words: expected, problem: { code: 'organisation-key-changed' } })
    expect(organisation?.problem?.message).toContain(`expected here is: ${expected}`)
    await expect(ada.admin.setStrict({ strict: false })).rejects.toMatchObject({ code: 'organisation-key-changed' })
  })

  it('is handed over to a new one, which certifies who was certified; devices follow', async () => {
    const ada = await app(await relay.signIn())
    await ada.trust.refresh()
    await ada.admin.makeOrganisationKey()
    await certify(ada, ada, null)
    await ada.admin.setStrict({ strict: true })
    const before = (await ada.admin.trust()).key?.words
    await ada.admin.handOverOrganisationKey()
    const { key, problem } = await ada.admin.trust()
    expect([key?.words === before, key?.isHere, key?.backedUpAtMs, problem]).toEqual([false, true, null, null])
    expect(await ask(ada)).toBe('asked and vouched for')
    expect((await ada.trust.verification()).organisation?.history).toHaveLength(2)
  })

  it('isn’t lost by an app that dies in the middle of a hand-over, when devices have followed already', async () => {
    const ada = await app(await relay.signIn())
    await ada.trust.refresh()
    await ada.admin.makeOrganisationKey()
    await ada.admin.setStrict({ strict: true })
    let writes = 0
    const dying: SecretStore = {
      ...ada.secrets,
      set: async (name, secret) => {
        if (name.startsWith('organisation-key:') && ++writes > 1) throw new Error('died')
        await ada.secrets.set(name, secret)
      },
    }
    await expect((await app(ada.token, dying)).admin.handOverOrganisationKey()).rejects.toThrow('died')
    const { words } = (await ada.trust.verification()).organisation ?? {}
    expect((await ada.trust.verification()).organisation?.history).toHaveLength(2)
    expect(await ada.admin.trust()).toMatchObject({ key: { isHere: true, words }, problem: null })
    await certify(ada, ada, null)
    expect(await ask(ada)).toBe('asked and vouched for')
  })

  it('comes back in another app from its phrase or its backup, and goes on where it was', async () => {
    const ada = await app(await relay.signIn())
    await ada.trust.refresh()
    await ada.admin.makeOrganisationKey()
    await ada.admin.setStrict({ strict: true })
    const { words } = await ada.admin.organisationPhrase()
    expect(await ada.admin.saveOrganisationBackup({ passphrase: PASSPHRASE })).toEqual({ name: 'key.json' })
    const restores = [
      { from: 'phrase' as const, phrase: words.join('\n') },
      { from: 'backup' as const, text: ada.saved[0] ?? '', passphrase: PASSPHRASE },
    ]
    for (const input of restores) {
      const later = await app(ada.token)
      await later.trust.refresh()
      await later.admin.restoreOrganisationKey(input)
      expect(await later.admin.trust()).toMatchObject({ key: { isHere: true }, order: { strict: true } })
      await certify(later, later, await wordsOf(later))
      expect(await ask(later)).toBe('asked and vouched for')
    }
    const stranger = await app(ada.token)
    const other = {
      from: 'phrase' as const,
      phrase: (await import('./recovery-phrase.ts')).phraseOf(randomBytes(32)).join(' '),
    }
    await expect(stranger.admin.restoreOrganisationKey(other)).rejects.toMatchObject({
      code: 'organisation-key-changed',
    })
  })

  it('that was lost is forgotten by app and relay; a restored one never says “everybody” by itself', async () => {
    const ada = await app(await relay.signIn())
    await ada.trust.refresh()
    await ada.admin.makeOrganisationKey()
    const { words } = await ada.admin.organisationPhrase()
    await ada.admin.forgetOrganisationKey()
    clock.advance(5_000)
    expect(await ada.admin.trust()).toMatchObject({ key: null, order: null })
    await ada.admin.restoreOrganisationKey({ from: 'phrase', phrase: words.join(' ') })
    await expect(certify(ada, ada, null)).rejects.toMatchObject({ code: 'bad-request' })
    await ada.admin.setStrict({ strict: true })
    await certify(ada, ada, null)
    expect(await ask(ada)).toBe('asked and vouched for')
  })

  it('has to speak once a month: its word and its certificates end', async () => {
    const ada = await app(await relay.signIn())
    await ada.trust.refresh()
    await ada.admin.makeOrganisationKey()
    await certify(ada, ada, null, 90)
    await ada.admin.setStrict({ strict: true })
    const atMs = clock.nowMs()
    await ada.trust.refresh()
    const chain = await ada.trust.endorse(
      { deviceId: device.deviceId, reason: 'x', scopes: ['view'], ticketReference: null, isUnattended: false },
      (await makeTestKey()).publicKey,
    )
    expect(chain).toBeDefined()
    expect((await ada.admin.trust()).order?.validUntilMs).toBe(atMs + 30 * DAY_MS)
  })
})

describe('the relay', () => {
  it('A11 A53 takes orders and certificates of the organisation’s own key alone, and keys from their owners', async () => {
    const ada = await app(await relay.signIn())
    const bob = await app(await relay.signIn(await relay.addOperator(ada.token, 'bob@example.org')))
    await ada.trust.refresh()
    await ada.admin.makeOrganisationKey()
    const otto = await app(await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net')))
    await otto.trust.refresh()
    await otto.admin.makeOrganisationKey()
    const trustOf = async ({ token }: App) =>
      (await relay.call('GET', '/v1/organisation-trust', { token })).body as { orders: string[] }
    const [order = ''] = (await trustOf(otto)).orders
    const path = '/v1/organisation-trust/orders'
    const codeOf = async (token: string, body: object) => (await relay.call('POST', path, { token, body })).body
    expect(await codeOf(ada.token, { order })).toMatchObject({ code: 'organisation-key-changed' })
    expect(await codeOf(bob.token, { order })).toMatchObject({ code: 'forbidden' })
    expect(await codeOf(ada.token, { order: `${order}x` })).toMatchObject({ code: 'signature-invalid' })
    const [known = ''] = (await trustOf(ada)).orders
    expect(await codeOf(ada.token, { order: known })).toMatchObject({ code: 'organisation-order-stale' })
  })
})

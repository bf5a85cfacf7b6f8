import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { passwordFromBytes } from '#protocol/unattended/password.ts'
import { sealPassword } from '#protocol/unattended/seal.ts'
import { TestPolicy } from '#testing/policy.ts'
import { ADMIN, type AgentSocket, makeNonce, TestRelay } from '#testing/relay.ts'
import { type AppHome, makeAppHome, WindowlessApp } from '#testing/windowless-app.ts'

const PASSWORD = passwordFromBytes(new Uint8Array(13).fill(7))

let relay: TestRelay
let home: AppHome
let agent: AgentSocket
let deviceId: string
let administrator: string
const apps: WindowlessApp[] = []
const homes: AppHome[] = []
beforeEach(async () => {
  relay = await TestRelay.start()
  administrator = await relay.signIn()
  const policy = new TestPolicy(relay, administrator)
  await policy.set(await policy.rootId(), { unattended: true })
  const device = await relay.enrol(await relay.mintEnrolmentToken(administrator))
  deviceId = device.deviceId
  agent = await relay.openAgentSocket(device)
  home = await newHome()
})
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
  for (const one of homes.splice(0)) await one.remove()
  await relay.close()
})

async function newHome(): Promise<AppHome> {
  const made = await makeAppHome()
  homes.push(made)
  return made
}

async function startApp(at = home, ...args: string[]): Promise<WindowlessApp> {
  const app = await WindowlessApp.start(at, args)
  apps.push(app)
  return app
}

async function signIn(app: WindowlessApp, { email, password }: { email: string; password: string } = ADMIN) {
  await app.calls.signIn({ relayUrl: relay.url, email, password })
  await app.online()
}

/** A session without a person that waits for its password, in an app that asked for it. */
async function issued(): Promise<{ app: WindowlessApp; ticket: string; agentNonce: string }> {
  const app = await startApp()
  await signIn(app)
  const ask = { deviceId, reason: 'The kiosk shows an error', ticketReference: null, scopes: ['view' as const] }
  const { ticket } = await app.calls.startSession({ ...ask, isUnattended: true })
  const { request } = await agent.waitFor('session.request')
  const { sessionId, unattended } = request
  if (!unattended) throw new Error('the device was asked for another kind of session')
  await agent.request({ type: 'session.event', sessionId, event: { type: 'arming' } })
  const agentNonce = makeNonce()
  const sealed = await sealPassword(unattended.sealKey.key, { sessionId, password: PASSWORD })
  const event = { type: 'otp-issued' as const, untilMs: Date.now() + 600_000 }
  await agent.request({ type: 'session.event', sessionId, event, agentNonce, otp: { salt: 'A'.repeat(22), sealed } })
  await app.tab(ticket, tab => tab.unattended?.password !== null)
  return { app, ticket, agentNonce }
}

const save = async ({ app, ticket }: { app: WindowlessApp; ticket: string }): Promise<string> =>
  join(home.folder, (await app.calls.savePass({ ticket })).name ?? '')
const refusedWith = async (app: WindowlessApp) => (await app.pass('refused')).error.code

/** Says yes and enters the password; resolves with what the device was told. */
async function enter(app: WindowlessApp): Promise<{ pass: string }> {
  const { ticket } = await app.calls.openPass()
  const { unattended } = await app.tab(ticket, tab => tab.unattended?.password !== null)
  await app.calls.openUnattended({ ticket, password: unattended?.password ?? '' })
  return agent.waitFor('session.join')
}

describe('an access pass', () => {
  it('opens its session as a file at a cold start, with the key that the app kept, once', async () => {
    const first = await issued()
    const file = await save(first)
    const saved = JSON.parse(await readFile(file, 'utf8'))
    expect(Object.keys(saved)).toEqual(['handhold', 'version', 'relay', 'pass'])
    await first.app.close()

    const app = await startApp(home, '--no-sandbox', file)
    await app.online()
    expect(await app.pass('offered')).toMatchObject({ reason: 'The kiosk shows an error', scopes: ['view'] })
    expect((await app.state()).sessions).toEqual([])
    expect(agent.received.some(({ type }) => type === 'session.join')).toBe(false)
    expect((await enter(app)).pass).toBe(saved.pass)

    app.open(file)
    expect(await refusedWith(app)).toBe('pass-invalid')
  })

  it('opens as a link, cold and warm, and the link holds an id and nothing else', async () => {
    const first = await issued()
    const { link } = await first.app.calls.passLink({ ticket: first.ticket })
    expect(link).toMatch(/^handhold:\/\/pass\/pas_[0-9a-z]{26}$/)
    // Where the session is open it isn't opened again: its tab is the answer.
    first.app.open(link)
    await first.app.pass('offered')
    expect(await first.app.calls.openPass()).toEqual({ ticket: first.ticket })
    await first.app.close()

    const app = await startApp(home, link)
    await app.online()
    await app.pass('offered')
    expect(decodeJwt((await enter(app)).pass).jti).toBe(link.slice('handhold://pass/'.length))
  })

  it('A108 opens when its file is let go over the window; anything else there is refused and asks no relay', async () => {
    const first = await issued()
    const text = await readFile(await save(first), 'utf8')
    const good = JSON.parse(text)
    const drop = (...texts: string[]) => first.app.calls.dropPass({ texts })
    for (const [texts, code] of [
      [[''], 'pass-invalid'],
      [['{"handhold":"access-pass"}'], 'pass-invalid'],
      [[JSON.stringify({ ...good, relay: 'https://evil.example' })], 'pass-invalid'],
      [[JSON.stringify({ ...good, path: '/etc/passwd' })], 'pass-invalid'],
      [[`{"__proto__":{"polluted":1},${text.trim().slice(1)}`], 'pass-invalid'],
      [[text, text], 'bad-request'],
    ] as const) {
      await drop(...texts)
      expect([texts, await refusedWith(first.app)]).toEqual([texts, code])
      await first.app.calls.dismissPass()
    }
    await drop(text)
    expect(await first.app.pass('offered')).toMatchObject({ reason: 'The kiosk shows an error' })
    expect(await first.app.calls.openPass()).toEqual({ ticket: first.ticket })
  })

  it('waits for the sign-in, and goes when the person says no', async () => {
    const first = await issued()
    const file = await save(first)
    await first.app.calls.signOut()
    await first.app.close()
    const app = await startApp(home, file)
    expect((await app.state()).pass).toEqual({ name: 'waiting' })
    await signIn(app)
    await app.pass('offered')
    await app.calls.dismissPass()
    expect((await app.state()).pass).toBeNull()
    await expect(app.calls.openPass()).rejects.toMatchObject({ code: 'illegal-transition' })
  })

  it('A7 A108 is worth nothing in another app, to a colleague and in another organisation', async () => {
    const first = await issued()
    const file = await save(first)
    const { link } = await first.app.calls.passLink({ ticket: first.ticket })
    const eve = await relay.addOperator(administrator, 'eve@example.org', 'admin')
    const mallory = await relay.addOrganisation('Other Ltd', 'mallory@example.net')
    for (const [account, code] of [
      [ADMIN, 'pass-key-mismatch'],
      [eve, 'not-found'],
      [mallory, 'not-found'],
    ] as const) {
      const thief = await startApp(await newHome())
      await signIn(thief, account)
      thief.open(file)
      expect(await refusedWith(thief)).toBe('pass-key-mismatch')
      await thief.calls.dismissPass()
      thief.open(link)
      expect(await refusedWith(thief)).toBe(code)
      expect((await thief.state()).sessions).toEqual([])
    }
    // Neither does it help to sign in as somebody else where the key is.
    await first.app.calls.signOut()
    await signIn(first.app, eve)
    first.app.open(file)
    expect(await refusedWith(first.app)).toBe('not-found')
  })

  it('A108 refuses a file for another relay, one that has run out, and one that was changed, and never asks another relay', async () => {
    const first = await issued()
    const file = await save(first)
    const good = JSON.parse(await readFile(file, 'utf8'))
    const [header, payload = '', signature] = good.pass.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged = (change: object) =>
      [header, Buffer.from(JSON.stringify({ ...claims, ...change })).toString('base64url'), signature].join('.')
    for (const [change, code] of [
      [{ relay: 'https://evil.example' }, 'pass-invalid'],
      [{ relay: `${relay.url}/` }, 'pass-invalid'],
      [{ pass: forged({ exp: claims.exp - 901 }) }, 'pass-expired'],
      [{ pass: forged({ jti: `pas_${'0'.repeat(26)}` }) }, 'not-found'],
      [{ pass: forged({ jti: '../../v1/me' }) }, 'pass-invalid'],
      [{ pass: forged({ cnf: { jkt: 'A'.repeat(43) } }) }, 'pass-key-mismatch'],
      [{ pass: 'nonsense' }, 'pass-invalid'],
    ] as const) {
      const path = join(home.folder, 'changed.handhold')
      await writeFile(path, JSON.stringify({ ...good, ...change }))
      first.app.open(path)
      expect([change, await refusedWith(first.app)]).toEqual([change, code])
      await first.app.calls.dismissPass()
    }
    expect(agent.received.some(({ type }) => type === 'session.join')).toBe(false)
  })

  it('is for sessions without a person alone: another session’s key can’t leave its app', async () => {
    const app = await startApp()
    await signIn(app)
    const ask = { deviceId, reason: 'The printer is on fire', ticketReference: null, scopes: ['view' as const] }
    const { ticket } = await app.calls.startSession({ ...ask, isUnattended: false })
    await expect(app.calls.savePass({ ticket })).rejects.toMatchObject({ code: 'illegal-transition' })
    expect([...home.secrets.kept.keys()]).not.toContain('access-passes')
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recoveryCodesReplySchema, totpReplySchema } from '#protocol/identity-http.ts'
import { totpCode } from '#testing/authenticator-app.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { memorySecrets } from '#testing/memory-secrets.ts'
import { ADMIN, TestRelay } from '#testing/relay.ts'
import { SettingsFile } from '../settings/settings.ts'
import { type Auth, setupAuth } from './auth.ts'

let clock: ManualClock
let relay: TestRelay
let folder: string
let secrets: ReturnType<typeof memorySecrets>
let auth: Auth
let totpSecret: string
let recoveryCodes: string[]

/** Somebody who has had an authenticator app for a while, in front of an app that was just started. */
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  const token = await relay.signIn()
  totpSecret = totpReplySchema.parse((await relay.call('POST', '/v1/two-factor', { token })).body).secret
  const confirm = await relay.call('POST', '/v1/two-factor/confirm', { token, body: { code: codeNow() } })
  recoveryCodes = recoveryCodesReplySchema.parse(confirm.body).recoveryCodes
  clock.advance(30_000)
  folder = await mkdtemp(join(tmpdir(), 'handhold-auth-'))
  secrets = memorySecrets()
  auth = setupAuth({ secrets, settings: new SettingsFile(folder), browser })
  await auth.restore()
})
afterEach(async () => {
  await relay.close()
  await rm(folder, { recursive: true, force: true })
})

const browser = { openInBrowser: async () => undefined }

const codeNow = () => totpCode(totpSecret, clock.nowMs())
const wrongCode = () => String((Number(codeNow()) + 1) % 1_000_000).padStart(6, '0')
const typePassword = () => auth.signIn({ relayUrl: relay.url, email: ADMIN.email, password: ADMIN.password })

test('the right password leads to the second step, and the code of the app completes the sign-in', async () => {
  await typePassword()
  expect(auth.state.get()).toEqual({ name: 'second-factor', relayUrl: relay.url, email: ADMIN.email })
  await auth.finishSignIn({ code: codeNow() })
  expect(auth.state.get()).toMatchObject({ name: 'signed-in', user: { email: ADMIN.email } })
  const token = auth.credentials.get()?.token ?? ''
  expect((await relay.call('GET', '/v1/me', { token })).status).toBe(200)
})

test('A22 half a sign-in keeps nothing and opens nothing', async () => {
  await typePassword()
  expect(secrets.kept.size).toBe(0)
  expect(auth.credentials.get()).toBeUndefined()
  expect(JSON.stringify(auth.state.get())).not.toMatch(/ticket/)
  const restarted = setupAuth({ secrets, settings: new SettingsFile(folder), browser })
  await restarted.restore()
  expect(restarted.state.get()).toEqual({ name: 'signed-out', lastRelayUrl: relay.url, lastEmail: ADMIN.email })
  await expect(restarted.finishSignIn({ code: codeNow() })).rejects.toMatchObject({ code: 'sign-in-failed' })
})

test('a wrong code is refused with words and leaves the step open', async () => {
  await typePassword()
  const refusal = { code: 'sign-in-failed', message: /code is wrong/ }
  await expect(auth.finishSignIn({ code: wrongCode() })).rejects.toMatchObject({
    code: refusal.code,
    message: expect.stringMatching(refusal.message),
  })
  expect(auth.state.get().name).toBe('second-factor')
  await auth.finishSignIn({ code: codeNow() })
  expect(auth.state.get().name).toBe('signed-in')
})

test('a recovery code does it too, however it was typed, and once', async () => {
  const recoveryCode = ` ${recoveryCodes[0]?.toUpperCase()} `
  await typePassword()
  await auth.finishSignIn({ recoveryCode })
  expect(auth.state.get().name).toBe('signed-in')
  await auth.signOut()
  await typePassword()
  await expect(auth.finishSignIn({ recoveryCode })).rejects.toMatchObject({ code: 'sign-in-failed' })
})

test('who waits too long starts again with the password, and so does who goes back', async () => {
  await typePassword()
  clock.advance(5 * 60_000 + 1)
  await expect(auth.finishSignIn({ code: codeNow() })).rejects.toMatchObject({
    message: 'This sign-in took too long. Start again with the password.',
  })
  await auth.cancelSignIn()
  expect(auth.state.get()).toEqual({ name: 'signed-out', lastRelayUrl: relay.url, lastEmail: ADMIN.email })
  await typePassword()
  await auth.finishSignIn({ code: codeNow() })
  expect(auth.state.get().name).toBe('signed-in')
})

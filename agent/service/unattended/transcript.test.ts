import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type ProofClaims, signProof, verifyProof } from '#protocol/proof.ts'
import { type RigHost, UnattendedRig } from '#testing/unattended-rig.ts'

const fingerprint = (byte: string) => Array.from({ length: 32 }, () => byte).join(':')
const OWN = fingerprint('AA')
const PEER = fingerprint('BB')
let rig: UnattendedRig
beforeEach(async () => {
  rig = await UnattendedRig.open()
})
afterEach(() => rig.close())

const present = () => {
  if (!rig.session) throw new Error('there is no session')
  return rig.session
}
const isTrusted = (host: RigHost) => host.told.some(({ type }) => type === 'trust-peer')

/** In with the password, and as far as the host's connection; nobody has proven anything. */
async function joined(): Promise<RigHost> {
  const { join, attempt } = await rig.withPassword(await rig.issue())
  await present().join(join)
  attempt.accepted()
  return newestHost()
}

function newestHost(): RigHost {
  const host = rig.hosts.at(-1)
  if (!host) throw new Error('no host was started')
  host.say({ type: 'fingerprints', fingerprints: { own: OWN, peer: PEER } })
  return host
}

/** What an honest operator app signs, but for `change`. */
async function transcript(event: 'otp-issued' | 'lingering', change: Partial<ProofClaims<'transcript'>> = {}) {
  const { agentNonce = '' } = await rig.event(event)
  const { sessionId, scopes } = present().request
  const claims: ProofClaims<'transcript'> = {
    ...{ role: 'operator', sessionId, deviceId: rig.deviceId, fingerprint: PEER, peerFingerprint: OWN, agentNonce },
    ...{ operatorNonce: 'o'.repeat(43), scopes, untilMs: rig.clock.nowMs() + 60_000, ...change },
  }
  return { kind: 'transcript' as const, transcript: await signProof('transcript', claims, ...operatorKey()) }
}
const operatorKey = () => [rig.operator.privateKey, rig.operator.publicKey] as const

const sentTranscripts = () =>
  rig.sent.flatMap(sent =>
    sent.type === 'session.signal' && sent.signal.kind === 'transcript' ? [sent.signal.transcript] : [],
  )

it('A40 trusts the operator’s end after the right transcript, and only then proves this device', async () => {
  const host = await joined()
  expect(isTrusted(host)).toBe(false)
  present().signal(await transcript('otp-issued'))
  await vi.waitUntil(() => isTrusted(host), { timeout: 15_000 })
  expect(sentTranscripts()).toEqual([])
  host.say({ type: 'peer-trusted' })
  const [own = ''] = sentTranscripts()
  await expect(verifyProof('transcript', own, rig.device.thumbprint)).resolves.toMatchObject({
    ...{ role: 'device', fingerprint: OWN, peerFingerprint: PEER, operatorNonce: 'o'.repeat(43) },
  })
})

it('A40 a relay between the two ends the session: no trust, no transcript and no way back in', async () => {
  const host = await joined()
  present().signal(await transcript('otp-issued', { peerFingerprint: fingerprint('CC') }))
  await vi.waitUntil(() => present().state.name === 'closed', { timeout: 15_000 })
  expect(present().state).toEqual({ name: 'closed', reason: 'identity-changed' })
  expect([isTrusted(host), host.isStopped, sentTranscripts()]).toEqual([false, true, []])
  await expect(present().join(await rig.withNonsense())).rejects.toMatchObject({ code: 'session-closed' })
})

it('A40 who comes back proves the new connection: the transcript of the one before is refused', async () => {
  const host = await joined()
  const before = await transcript('otp-issued')
  present().signal(before)
  await vi.waitUntil(() => isTrusted(host), { timeout: 15_000 })
  host.say({ type: 'peer-connected', proofMs: 1 })
  host.say({ type: 'ended', reason: 'link-lost' })
  const { join, attempt } = await rig.withResumeKey()
  await present().join(join)
  attempt.accepted()
  const next = newestHost()
  expect(next).not.toBe(host)
  present().signal(before)
  await vi.waitUntil(() => present().state.name === 'closed', { timeout: 15_000 })
  expect([isTrusted(next), present().state]).toEqual([false, { name: 'closed', reason: 'identity-changed' }])
})

it('who comes back with a transcript of their own is trusted again', async () => {
  const host = await joined()
  present().signal(await transcript('otp-issued'))
  await vi.waitUntil(() => isTrusted(host), { timeout: 15_000 })
  host.say({ type: 'peer-connected', proofMs: 1 })
  host.say({ type: 'ended', reason: 'link-lost' })
  const { join, attempt } = await rig.withResumeKey()
  await present().join(join)
  attempt.accepted()
  const next = newestHost()
  present().signal(await transcript('lingering'))
  await vi.waitUntil(() => isTrusted(next), { timeout: 15_000 })
})

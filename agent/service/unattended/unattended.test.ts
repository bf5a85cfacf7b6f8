import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { idFromBytes } from '#protocol/ids.ts'
import { CONNECT_TIMEOUT_MS } from '#protocol/limits.ts'
import { UnattendedRig } from '#testing/unattended-rig.ts'

const MINUTE = 60_000
let rig: UnattendedRig
beforeEach(async () => {
  rig = await UnattendedRig.open()
})
afterEach(() => rig.close())

const settled = (isSo: () => boolean) => rig.until(isSo)
const isClosed = () => rig.session?.state.name === 'closed'
const pass = (ms: number) => rig.pass(ms)

describe('a one-time password', () => {
  it('A68 opens once: of 50 that come together exactly one is let in, and none afterwards', async () => {
    const password = await rig.issue()
    const right = await rig.withPassword(password)
    const tries = await Promise.allSettled(Array.from({ length: 50 }, () => rig.session?.join(right.join)))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const again = await rig.withPassword(password)
    await expect(rig.session?.join(again.join)).rejects.toMatchObject({ code: 'forbidden' })
    expect(rig.hosts).toHaveLength(1)
  })

  it('A68 a proof is for one pass, one nonce and one operator', async () => {
    const password = await rig.issue()
    const { join } = await rig.withPassword(password)
    const other = await rig.withNonsense()
    await expect(rig.session?.join({ ...other, secret: join.secret })).rejects.toMatchObject({ code: 'otp-wrong' })
    await expect(rig.session?.join({ pass: join.pass, proof: join.proof })).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('what it opens goes through the relay alone, whatever the relay says', async () => {
    const { join } = await rig.withPassword(await rig.issue())
    const credentials = [{ username: 'u'.repeat(24), password: 'p'.repeat(32) }]
    rig.session?.takePaths({ credentials, onlyRelay: false })
    await rig.session?.join(join)
    rig.session?.takePaths({ credentials: [], onlyRelay: false })
    const told = rig.hosts[0]?.told.filter(({ type }) => type === 'set-paths' || type === 'start')
    expect(told).toMatchObject([
      { paths: { credentials, onlyRelay: true } },
      { type: 'start' },
      { paths: { credentials: [], onlyRelay: true } },
    ])
  })

  it('A70 opens at 9:59 and not at 10:01, whatever the wall clock is set to', async () => {
    const password = await rig.issue()
    const { join } = await rig.withPassword(password)
    rig.wallOffsetMs = -5 * MINUTE
    await pass(9 * MINUTE + 59_000 - 1)
    await expect(rig.session?.join(join)).resolves.toBeUndefined()

    await rig.session?.end('operator-ended')
    const second = await rig.issue()
    const late = await rig.withPassword(second)
    rig.wallOffsetMs -= 60 * MINUTE
    await pass(10 * MINUTE + 1_000)
    await settled(isClosed)
    await expect(rig.session?.join(late.join)).rejects.toMatchObject({ code: 'session-closed' })
  })

  it.each([
    ['ahead', 60 * MINUTE, 'pass-invalid'],
    ['behind', -60 * MINUTE, 'pass-expired'],
  ])('A70 is not made longer by a relay whose clock is an hour %s', async (_, offsetMs, code) => {
    const password = await rig.issue()
    rig.relayOffsetMs = offsetMs
    const { join } = await rig.withPassword(password)
    // Its passes are of another time, and open nothing.
    await expect(rig.session?.join(join)).rejects.toMatchObject({ code })
    await pass(10 * MINUTE + 1_000)
    await settled(isClosed)
    expect(rig.session?.state).toMatchObject({ reason: 'expired' })
    expect(rig.hosts).toEqual([])
  })

  it('burns after 5 wrong tries, and a new one gives no new tries before a quarter of an hour has passed', async () => {
    await rig.issue()
    for (let tries = 1; tries <= 4; tries++)
      await expect(rig.session?.join(await rig.withNonsense())).rejects.toMatchObject({ code: 'otp-wrong' })
    await rig.crash()
    await rig.start()
    const { join } = await rig.withPassword('0000000000000')
    await expect(rig.session?.join(join)).rejects.toMatchObject({ code: 'otp-burnt' })
    await settled(isClosed)
    expect(rig.session?.state).toMatchObject({ reason: 'denied' })
    const request = await rig.request()
    expect(() => rig.begin(request)).toThrow(expect.objectContaining({ code: 'unattended-locked' }))
    await pass(15 * MINUTE)
    await expect(rig.issue()).resolves.toHaveLength(13)
  })

  it('of fifty wrong ones that come together five are tried', async () => {
    await rig.issue()
    const wrong = await Promise.all(Array.from({ length: 50 }, () => rig.withNonsense()))
    const tries = await Promise.allSettled(wrong.map(join => rig.session?.join(join)))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toEqual([])
    await settled(isClosed)
    await rig.unattended.settled
    expect(JSON.parse(await rig.stateText()).wrongTries).toHaveLength(5)
  })

  it('100 wrong tries within a day switch the device off until an administrator allows it again, restarts included', async () => {
    for (let issued = 0; issued < 20; issued++) {
      await rig.issue()
      for (let tries = 0; tries < 5; tries++) await rig.session?.join(await rig.withNonsense()).catch(() => undefined)
      await settled(isClosed)
      await pass(15 * MINUTE)
    }
    const off = { type: 'unattended.off', wrongTries: 100 }
    expect(rig.sent).toContainEqual(off)
    await rig.crash()
    await rig.start()
    const request = await rig.request()
    await pass(25 * 60 * MINUTE)
    expect(() => rig.begin(request)).toThrow(expect.objectContaining({ code: 'unattended-off' }))
    await rig.unattended.allow()
    await expect(rig.issue()).resolves.toHaveLength(13)
  })

  it('A73 A76 is nowhere in what the device keeps, and what it keeps makes no proof', async () => {
    const password = await rig.issue()
    const stored = await rig.stateText()
    const { armed } = JSON.parse(stored)
    expect(stored).not.toContain(password)
    // Whoever has the file tries its stored key in the place of the client key.
    const join = await rig.withNonsense()
    const { makeProof } = await import('#protocol/unattended/proof.ts')
    const { toBytes, toText } = await import('#protocol/unattended/bytes.ts')
    const { transcriptBytes } = await import('#protocol/unattended/transcript.ts')
    const { decodeJwt } = await import('jose')
    const claims = decodeJwt(join.pass)
    const subject = {
      ...{ sessionId: armed.request.sessionId, deviceId: rig.deviceId, agentNonce: armed.agentNonce },
      operatorKeyThumbprint: armed.request.operatorKeyThumbprint,
      ...{ passId: String(claims.jti), scopes: armed.request.scopes },
    }
    const forged = toText(makeProof(toBytes(armed.storedKey), transcriptBytes('password', subject)))
    await expect(rig.session?.join({ ...join, secret: { kind: 'password', proof: forged } })).rejects.toMatchObject({
      code: 'otp-wrong',
    })
  })

  it('is made for nobody whose key the operator did not sign', async () => {
    const other = await UnattendedRig.open()
    rig.begin(await rig.request({ sealKey: other.wayIn.sealKey }))
    await settled(isClosed)
    expect(rig.sent.some(message => message.type === 'session.event' && message.event.type === 'otp-issued')).toBe(
      false,
    )
    await other.close()
  })
})

describe('after the connection', () => {
  /** With another organisation, by the next start of the agent. */
  async function enrolledAnew(): Promise<void> {
    await rig.crash()
    rig.sent.length = 0
    rig.deviceId = idFromBytes('device', new Uint8Array(16).fill(2))
    await rig.start()
  }

  async function disconnected(): Promise<void> {
    const host = await rig.enter(await rig.issue({ endLock: 'lock' }))
    await pass(MINUTE)
    host.say({ type: 'ended', reason: 'link-lost' })
    await settled(() => rig.session?.state.name === 'lingering')
  }

  it('A72 the operator comes back at 14:50 with the resume key, and not at 15:01', async () => {
    await disconnected()
    await pass(14 * MINUTE + 50_000)
    const { join, attempt } = await rig.withResumeKey()
    await rig.session?.join(join)
    attempt.accepted()
    const host = rig.connected()
    expect(rig.session?.state.name).toBe('active')
    rig.sent.length = 0
    host.say({ type: 'ended', reason: 'operator-ended' })
    await settled(() => rig.session?.state.name === 'lingering')
    const late = await rig.withResumeKey()
    await pass(15 * MINUTE + 1_000)
    await settled(isClosed)
    await expect(rig.session?.join(late.join)).rejects.toMatchObject({ code: 'session-closed' })
    expect(rig.lockings).toEqual(['lock'])
    expect(await rig.stateText()).toBe('')
    expect(rig.sent).toContainEqual(
      expect.objectContaining({ type: 'session.teardown', removed: ['key for coming back', 'desktop locked'] }),
    )
  })

  it('A72 whoever comes back and never gets a connection has a quarter of an hour from their way in, and no longer', async () => {
    await disconnected()
    const { join, attempt } = await rig.withResumeKey()
    await rig.session?.join(join)
    attempt.accepted()
    rig.sent.length = 0
    await pass(20_000)
    await pass(CONNECT_TIMEOUT_MS - 20_000)
    await settled(() => rig.session?.state.name === 'lingering')
    await pass(15 * MINUTE - CONNECT_TIMEOUT_MS - 1_000)
    expect(rig.session?.state.name).toBe('lingering')
    await pass(1_000)
    await settled(isClosed)
  })

  it('A72 the session’s length is its end for whoever is in, and for whoever may come back', async () => {
    await rig.enter(await rig.issue({ lengthMs: MINUTE }))
    await pass(MINUTE - 1)
    expect(rig.session?.state.name).toBe('active')
    await pass(1)
    await settled(isClosed)
    expect(rig.session?.state).toMatchObject({ reason: 'expired' })

    const host = await rig.enter(await rig.issue({ lengthMs: 10 * MINUTE }))
    await pass(MINUTE)
    host.say({ type: 'ended', reason: 'link-lost' })
    await settled(() => rig.session?.state.name === 'lingering')
    expect(rig.session?.state).toMatchObject({ untilMs: rig.clock.nowMs() + 9 * MINUTE })
    await pass(9 * MINUTE - 1)
    expect(rig.session?.state.name).toBe('lingering')
    await pass(1)
    await settled(isClosed)
  })

  it('the password opens nothing any more, and an old proof of the resume key neither', async () => {
    await disconnected()
    const { join, attempt } = await rig.withResumeKey()
    await rig.session?.join(join)
    attempt.accepted()
    rig.connected().say({ type: 'ended', reason: 'link-lost' })
    await settled(() => rig.session?.state.name === 'lingering')
    await expect(rig.session?.join(join)).rejects.toMatchObject({ code: 'proof-invalid' })
    await expect(rig.session?.join(await rig.withNonsense('resume'))).rejects.toMatchObject({ code: 'otp-wrong' })
  })

  it('an answer that was lost costs the operator nothing: one of two keys is right, and the app tries both', async () => {
    const first = await rig.withPassword(await rig.issue())
    await rig.session?.join(first.join)
    first.attempt.unanswered()
    rig.connected().say({ type: 'ended', reason: 'link-lost' })
    await settled(() => rig.session?.state.name === 'lingering')
    const second = await rig.withResumeKey()
    await rig.session?.join(second.join)
    second.attempt.unanswered()
    rig.sent.length = 0
    rig.connected().say({ type: 'ended', reason: 'link-lost' })
    await settled(() => rig.session?.state.name === 'lingering')
    const old = await rig.withResumeKey()
    await expect(rig.session?.join(old.join)).rejects.toMatchObject({ code: 'otp-wrong' })
    expect(old.attempt.wrong()).toBe(true)
    const newer = await rig.withResumeKey()
    await expect(rig.session?.join(newer.join)).resolves.toBeUndefined()
    newer.attempt.accepted()
    expect(newer.attempt.wrong()).toBe(false)
  })

  it('A72 the time runs on through a kill -9, from the last moment that is known', async () => {
    const host = await rig.enter(await rig.issue())
    await pass(MINUTE)
    expect(host.isStopped).toBe(false)
    await rig.crash()
    await pass(14 * MINUTE)
    await rig.start()
    expect(rig.session?.state.name).toBe('lingering')
    const { agentNonce } = JSON.parse(await rig.stateText()).armed
    const report = rig.session?.grantReport
    expect(report).toMatchObject({ agentNonce, event: { type: 'lingering' } })
    await pass(MINUTE + 1_000)
    await settled(isClosed)
    expect(await rig.stateText()).toBe('')
  })

  it.each([
    ['the machine was off for a quarter of an hour', 15 * MINUTE + 1_000, 0],
    ['the clock was set back by two hours meanwhile', 2 * MINUTE, -120 * MINUTE],
  ])('A72 a start finds it too late when %s, and shuts the door before anything else', async (_, offMs, offsetMs) => {
    await disconnected()
    await rig.reboot(offMs)
    rig.wallOffsetMs = offsetMs
    rig.isRelayThere = false
    await rig.start()
    expect(rig.session?.state).toMatchObject({ name: 'closed', reason: 'expired' })
    rig.isRelayThere = true
    rig.sent.length = 0
    rig.unattended.handleWelcome()
    expect(rig.sent).toMatchObject([{ type: 'session.teardown' }])
  })

  it('A72 a reboot within the time leaves the rest of it, and a clock set back in one boot changes nothing', async () => {
    await disconnected()
    rig.wallOffsetMs = -120 * MINUTE
    await pass(10 * MINUTE)
    expect(rig.session?.state.name).toBe('lingering')
    await pass(5 * MINUTE)
    await settled(isClosed)
  })

  it('A72 sleep counts: the timers stood still, the door is shut when the machine wakes', async () => {
    await disconnected()
    rig.clock.set(rig.clock.nowMs() + 60 * MINUTE)
    const { join } = await rig.withResumeKey()
    await expect(rig.session?.join(join)).rejects.toMatchObject({ code: 'forbidden' })
    await pass(0)
    await settled(isClosed)
  })

  it('A134 of another organisation’s device is taken down by the next one’s, which hears nothing of it', async () => {
    await rig.enter(await rig.issue({ endLock: 'lock' }))
    await enrolledAnew()
    expect([rig.session, rig.lockings]).toEqual([undefined, ['lock']])
    rig.unattended.handleWelcome()
    expect(rig.sent).toEqual([])
    expect(await rig.stateText()).toBe('')
  })

  it('A134 what the relay of before wasn’t there to hear is told to no other; wrong passwords are the device’s own', async () => {
    await rig.issue()
    rig.isRelayThere = false
    for (let tries = 0; tries < 5; tries++) await rig.session?.join(await rig.withNonsense()).catch(() => undefined)
    await settled(isClosed)
    await rig.unattended.settled
    expect(JSON.parse(await rig.stateText()).unsent).toHaveLength(1)
    rig.isRelayThere = true
    await enrolledAnew()
    rig.unattended.handleWelcome()
    expect(rig.sent).toEqual([])
    expect(JSON.parse(await rig.stateText())).toMatchObject({ unsent: [], wrongTries: { length: 5 } })
    const request = await rig.request()
    expect(() => rig.begin(request)).toThrow(expect.objectContaining({ code: 'unattended-locked' }))
  })

  it('A damaged state keeps the door shut until an administrator allows it again', async () => {
    const { writeFile } = await import('node:fs/promises')
    const { unattendedFile } = await import('./state.ts')
    await writeFile(unattendedFile(rig.stateDir), '{"version":1')
    await rig.start()
    const request = await rig.request()
    expect(() => rig.begin(request)).toThrow(expect.objectContaining({ code: 'unattended-off' }))
  })
})

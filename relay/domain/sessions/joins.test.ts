import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { decodeJwt, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HandholdError } from '#protocol/errors.ts'
import { verifyPass } from '#protocol/pass.ts'
import { makeTestKey } from '#testing/keys.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'
import { passKeyFile, readPassKeys } from '../../keys/pass-key-file.ts'

let clock: ManualClock
let relay: TestRelay
let session: TestSession
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  session = await TestSession.connect(relay)
})
afterEach(() => relay.close())

const code = (code: string) => expect.objectContaining({ code })
const passKeys = async () => (await session.agent.waitFor('welcome')).passKeys
const segment = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

async function signedByRelay(change: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> {
  const keys = await readPassKeys(passKeyFile(relay.dataDir))
  if (!keys) throw new Error('the relay keeps its keys elsewhere')
  return new SignJWT({ ...decodeJwt(await session.pass()), ...change })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'handhold-pass+jwt', kid: keys.current.kid, ...header })
    .sign(keys.privateKey)
}

describe('an access pass', () => {
  it('says what was granted, to one device, for 15 minutes and one key', async () => {
    await session.grant(['view'])
    const claims = await verifyPass(await session.pass(), {
      keys: await passKeys(),
      deviceId: session.device.deviceId,
      sessionId: session.id,
      nowMs: clock.nowMs(),
    })
    expect(claims).toMatchObject({ scopes: ['view'], cnf: { jkt: session.operatorKey.thumbprint } })
    expect(claims.exp - claims.iat).toBe(900)
  })

  it('is there from the grant on and until the end only', async () => {
    await session.request()
    await expect(session.pass()).rejects.toThrow('illegal-transition')
    await session.say({ type: 'consent-shown', untilMs: 1 })
    await session.say(
      { type: 'consent-granted', scopes: ['view'], untilMs: clock.nowMs() + 60_000 },
      session.agentNonce,
    )
    await session.pass()
    await session.say({ type: 'end', reason: 'user-ended' })
    await expect(session.pass()).rejects.toThrow('session-closed')
  })

  it("is its operator's only", async () => {
    await session.grant()
    const colleague = await relay.signIn(await relay.addOperator(session.token, 'bob@example.org'))
    const reply = await relay.call('POST', `/v1/sessions/${session.id}/pass`, { token: colleague })
    expect(reply).toMatchObject({ status: 404, body: { code: 'not-found' } })
  })

  it('A10 stays good over a restart: the key is kept', async () => {
    await session.grant()
    const before = await passKeys()
    await relay.restart()
    const agent = await relay.openAgentSocket(session.device)
    expect((await agent.waitFor('welcome')).passKeys).toEqual(before)
  })
})

describe('session.join', () => {
  it('A1 A2 refuses a pass without signature, of algorithm none, and of HS256 with the public key', async () => {
    await session.grant()
    const pass = await session.pass()
    const [, payload] = pass.split('.')
    const [key] = await passKeys()
    const none = `${segment({ alg: 'none', typ: 'handhold-pass+jwt', kid: key?.kid })}.${payload}.`
    const signed = `${segment({ alg: 'HS256', typ: 'handhold-pass+jwt', kid: key?.kid })}.${payload}`
    const hmacs = [key?.x ?? '', ` ${key?.x}`, JSON.stringify(key), Buffer.from(key?.x ?? '', 'base64url')]
    const forged = hmacs.map(secret => `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`)
    for (const bad of [none, `${pass.split('.').slice(0, 2).join('.')}.`, ...forged])
      await expect(session.join(bad)).rejects.toEqual(code('pass-invalid'))
    await session.join(pass)
  })

  it('A4 takes a pass 29 s after its end and not 31 s after it; strange times never', async () => {
    await session.grant()
    const nowS = Math.floor(clock.nowMs() / 1000)
    const claims = (exp: unknown) => ({ iat: nowS - 900, nbf: nowS - 900, exp })
    await expect(session.join(await signedByRelay(claims(nowS - 31)))).rejects.toEqual(code('pass-expired'))
    for (const exp of ['soon', 1e308, undefined, null, nowS + 10_000])
      await expect(session.join(await signedByRelay({ ...claims(0), exp }))).rejects.toEqual(code('pass-invalid'))
    await expect(session.join(await signedByRelay({ nbf: nowS + 40 }))).rejects.toEqual(code('pass-invalid'))
    await session.join(await signedByRelay(claims(nowS - 29)))
  })

  it('A5 refuses a token of another kind', async () => {
    await session.grant()
    for (const typ of ['JWT', 'handhold-join+jws', 'handhold-device+jws'])
      await expect(session.join(await signedByRelay({}, { typ }))).rejects.toEqual(code('pass-invalid'))
    await expect(session.join(session.token)).rejects.toEqual(code('pass-invalid'))
  })

  it('A7 refuses a pass whose key is not there', async () => {
    await session.grant()
    const thief = await makeTestKey()
    await expect(session.join(undefined, await session.proof(thief))).rejects.toEqual(code('pass-key-mismatch'))
    await expect(session.join(undefined, 'no proof at all')).rejects.toEqual(code('proof-invalid'))
    const other = await session.proof(session.operatorKey, { agentNonce: 'A'.repeat(43) })
    await expect(session.join(undefined, other)).rejects.toEqual(code('proof-invalid'))
    await expect(
      session.join(await signedByRelay({ cnf: { jkt: thief.thumbprint } }), await session.proof(thief)),
    ).rejects.toEqual(code('pass-key-mismatch'))
  })

  it('refuses a pass for another device, session or person', async () => {
    await session.grant()
    const other = '0'.repeat(26)
    await expect(session.join(await signedByRelay({ aud: `dev_${other}` }))).rejects.toEqual(code('pass-wrong-device'))
    await expect(session.join(await signedByRelay({ sid: `ses_${other}` }))).rejects.toEqual(code('pass-wrong-session'))
    await expect(session.join(await signedByRelay({ sub: `usr_${other}` }))).rejects.toEqual(code('pass-invalid'))
    await expect(session.join(await signedByRelay({ jti: 'never-issued-by-anybody' }))).rejects.toEqual(
      code('pass-invalid'),
    )
  })

  it('A13 accepts none of 300 mutated passes', async () => {
    await session.grant()
    const pass = await session.pass()
    const expected = {
      keys: await passKeys(),
      deviceId: session.device.deviceId,
      sessionId: session.id,
      nowMs: clock.nowMs(),
    }
    const mutation = fc.record({ at: fc.nat(pass.length - 1), text: fc.string({ maxLength: 3, unit: 'binary-ascii' }) })
    await fc.assert(
      fc.asyncProperty(mutation, async ({ at, text }) => {
        const mutated = pass.slice(0, at) + text + pass.slice(at + 1)
        fc.pre(mutated !== pass)
        const refusal = await verifyPass(mutated, expected).then(
          () => 'accepted',
          error => (error instanceof HandholdError ? 'refused' : 'crashed'),
        )
        // The last character of a base64url signature carries two unused bits, so another spelling of the same bytes is the same pass.
        const isSameBytes = Buffer.from(mutated.split('.')[2] ?? '', 'base64url').equals(
          Buffer.from(pass.split('.')[2] ?? '', 'base64url'),
        )
        expect(refusal).toBe(
          isSameBytes && mutated.slice(0, pass.lastIndexOf('.')) === pass.slice(0, pass.lastIndexOf('.'))
            ? refusal
            : 'refused',
        )
      }),
      { numRuns: 300 },
    )
  })

  it('spends a pass once, in a race too', async () => {
    await session.grant()
    const pass = await session.pass()
    const tries = await Promise.allSettled([session.join(pass), session.join(pass), session.join(pass)])
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(session.agent.received.filter(({ type }) => type === 'session.join')).toHaveLength(1)
  })

  it('takes a fresh pass again while connecting, and no more once active', async () => {
    await session.grant()
    await session.join()
    await session.join()
    await session.say({ type: 'peer-connected' })
    await expect(session.join()).rejects.toEqual(code('illegal-transition'))
  })

  it("answers with the agent's own refusal and joins nobody then", async () => {
    await session.agent.close()
    session = await TestSession.connect(relay, message => {
      if (message.type === 'session.join') throw new HandholdError('pass-key-mismatch', 'Not with me')
    })
    await session.grant()
    await expect(session.join()).rejects.toEqual(code('pass-key-mismatch'))
    const signal = {
      type: 'session.signal' as const,
      sessionId: session.id,
      signal: { kind: 'offer' as const, sdp: 'v=0' },
    }
    await expect(session.operator.request(signal)).rejects.toEqual(code('not-found'))
  })
})

describe('signals', () => {
  const offer = { kind: 'offer' as const, sdp: 'v=0' }
  const signal = () => ({ type: 'session.signal' as const, sessionId: session.id, signal: offer })

  it('pass both ways between the two that joined, and not before', async () => {
    await session.grant()
    await expect(session.operator.request(signal())).rejects.toEqual(code('not-found'))
    await expect(session.agent.request(signal())).rejects.toEqual(code('not-found'))
    await session.join()
    await session.operator.request(signal())
    await session.agent.waitFor('session.signal')
    await session.agent.request(signal())
    await session.operator.waitFor('session.signal')
  })

  it('A34 a colleague, a second window and a guessed id get nothing and are closed with 4403 after three tries', async () => {
    await session.activate()
    const colleague = await relay.openOperatorSocket(
      await relay.signIn(await relay.addOperator(session.token, 'bob@example.org')),
    )
    const window = await relay.openOperatorSocket(session.token)
    for (const socket of [colleague, window]) {
      for (let tries = 0; tries < 2; tries++) await expect(socket.request(signal())).rejects.toEqual(code('not-found'))
      await expect(socket.request(signal())).rejects.toThrow()
      expect(await socket.closed).toBe(4403)
    }
    expect(session.agent.received.filter(({ type }) => type === 'session.signal')).toHaveLength(0)
  })

  it('A34 an operator cannot act as an agent: its messages are not of that protocol', async () => {
    await session.grant()
    session.operator.socket.send(
      JSON.stringify({ type: 'session.event', id: 9, sessionId: session.id, event: { type: 'operator-joined' } }),
    )
    expect(await session.operator.closed).toBe(1007)
  })

  it('A37 stops at 200 candidates a session and side', async () => {
    await session.grant()
    await session.join()
    const candidate = { kind: 'candidate' as const, candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 }
    const message = { type: 'session.signal' as const, sessionId: session.id, signal: candidate }
    for (let sent = 0; sent < 200; sent += 20) {
      clock.advance(1_000)
      await Promise.all(Array.from({ length: 20 }, () => session.agent.request(message)))
    }
    clock.advance(1_000)
    await expect(session.agent.request(message)).rejects.toEqual(code('too-many-candidates'))
    await session.operator.request(signal())

    // Another connection has candidates of its own; the operator is who wants it.
    const again = { ...message, signal: { kind: 'again' as const, connection: 1 } }
    await expect(session.agent.request(again)).rejects.toEqual(code('bad-request'))
    await expect(session.agent.request(message)).rejects.toEqual(code('too-many-candidates'))
    await session.operator.request(again)
    await session.agent.request(message)
  })

  it("go on over the operator's next socket when the one that joined is gone", async () => {
    await session.activate()
    await session.operator.close()
    session.operator = await relay.openOperatorSocket(session.token)
    await session.agent.request(signal())
    await session.operator.waitFor('session.signal')
    await session.operator.request(signal())
    await session.agent.waitFor('session.signal')
  })
})

import { afterEach, beforeEach, expect, it } from 'vitest'
import { passReplySchema, sessionReplySchema } from '#protocol/http.ts'
import { signProof } from '#protocol/proof.ts'
import { startTestAgent, type TestAgent } from '#testing/agent.ts'
import { type AnsweringPeer, createAnsweringPeer } from '#testing/answering-peer.ts'
import { makeTestKey } from '#testing/keys.ts'
import { TestRelay } from '#testing/relay.ts'
import { signalAndProve } from '#testing/transcripts.ts'
import { startXDisplay, type XDisplay } from '#testing/x-display.ts'

let display: XDisplay
let relay: TestRelay
let agent: TestAgent | undefined
let peer: AnsweringPeer | undefined

beforeEach(async () => {
  display = await startXDisplay({ width: 640, height: 480 })
  relay = await TestRelay.start()
})
afterEach(async () => {
  peer?.close()
  await agent?.stop()
  await relay.close()
  await display.stop()
})

it('carries a session through the real relay, from enrolment to removal', { timeout: 40_000 }, async () => {
  const token = await relay.signIn()
  const operator = await relay.openOperatorSocket(token)
  const enrolmentToken = await relay.mintEnrolmentToken(token)
  agent = await startTestAgent({ relayUrl: relay.url, enrolmentToken, display: display.name })
  const { device } = await operator.waitFor('device.changed', message => message.device.online)

  const key = await makeTestKey()
  const reply = await relay.call('POST', '/v1/sessions', {
    token,
    body: { deviceId: device.id, reason: 'Help', ticket: null, scopes: ['view'], operatorKey: key.publicKey },
  })
  const { session } = sessionReplySchema.parse(reply.body)
  const sessionId = session.id
  const reach = (name: string) =>
    operator.waitFor(
      'session.changed',
      message => message.session.id === sessionId && message.session.state.name === name,
    )

  const granted = await reach('granted')
  const passReply = await relay.call('POST', `/v1/sessions/${sessionId}/pass`, { token })
  const { pass } = passReplySchema.parse(passReply.body)
  const agentNonce = granted.session.agentNonce ?? ''
  const proof = await signProof('join', { sessionId, deviceId: device.id, agentNonce }, key.privateKey, key.publicKey)
  const answering = createAnsweringPeer(signalAndProve(operator, key, granted.session))
  peer = answering
  await operator.request({ type: 'session.join', sessionId, pass, proof })
  let handled = 0
  const pump = async () => {
    for (;;) {
      const signals = operator.received.filter(message => message.type === 'session.signal')
      const next = signals[handled]
      if (next) await answering.handleSignal(next.signal).then(() => handled++)
      else await operator.waitFor('session.signal', message => !signals.includes(message))
    }
  }
  pump().catch(() => undefined)
  await reach('active')
  const picture = await answering.picture(() => true)
  expect([picture.width, picture.height]).toEqual([640, 480])

  await operator.request({ type: 'session.end', sessionId })
  expect((await reach('closed')).session.state).toEqual({ name: 'closed', reason: 'operator-ended' })
  await relay.call('DELETE', `/v1/devices/${device.id}`, { token })
  expect(await agent.program.exited).toBe(4)
  await operator.close()
})

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { ReceiptClaims } from '#protocol/trust/receipt.ts'
import type { RelayToAgent, SessionRequest } from '#protocol/wire/agent.ts'
import { startTestAgent, type TestAgent, type TestAgentOptions } from '#testing/agent.ts'
import { type AnsweringPeer, createAnsweringPeer } from '#testing/answering-peer.ts'
import { makeTestKey } from '#testing/keys.ts'
import { type StandInRelay, startStandInRelay } from '#testing/stand-in-relay.ts'
import { waitFor } from '#testing/wait-for.ts'
import { startXDisplay, type XDisplay } from '#testing/x-display.ts'
import { type KeyProbe, openKeyProbe } from '#testing/x-display-keys.ts'
import { nameOf, ReceiptFiles } from '../receipts/receipt-files.ts'

let display: XDisplay
let keys: KeyProbe
let relay: StandInRelay
let agent: TestAgent
/** Within which no frame leaves any more. */
const PAUSE_MS = 250
const peers: AnsweringPeer[] = []
const roots: string[] = []

beforeAll(async () => {
  display = await startXDisplay({ width: 800, height: 600 })
  keys = await openKeyProbe(display.name)
})
afterAll(async () => {
  await keys.close()
  await display.stop()
})
beforeEach(async () => {
  relay = await startStandInRelay()
})
afterEach(async () => {
  for (const peer of peers.splice(0)) peer.close()
  await agent.stop()
  await relay.close()
  for (const root of roots.splice(0)) await rm(root, { recursive: true })
})

async function startAgent(consent: TestAgentOptions['consent'] = 'accept'): Promise<void> {
  agent = await startTestAgent({ relayUrl: relay.url, enrolmentToken: 'token-1', display: display.name, consent })
  await relay.online()
}

const PERSON = 'UID=1000\nACTIVE=1\nCLASS=user\nSEAT=seat0\n'

/** An agent on a device where systemd-logind says this of its only session; nobody is signed in where that is empty. */
async function startAgentAt(session: string, withoutConsent = ''): Promise<{ put(session: string): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'handhold-desk-'))
  roots.push(root)
  const folder = join(root, 'run/systemd/sessions')
  await mkdir(join(root, 'run/systemd/system'), { recursive: true })
  await mkdir(folder, { recursive: true })
  const put = (text: string) => writeFile(join(folder, '1'), text)
  await put(session)
  const entry = fileURLToPath(new URL('../../../testing/desk-agent.ts', import.meta.url))
  agent = await startTestAgent({
    relayUrl: relay.url,
    enrolmentToken: 'token-1',
    display: display.name,
    entry,
    environment: { HANDHOLD_TEST_ROOT: root, HANDHOLD_AGENT_WITHOUT_CONSENT: withoutConsent },
  })
  await relay.online()
  return { put }
}

/** A session that an operator has joined with a peer that is connected. */
async function startSession(
  overrides?: Partial<SessionRequest>,
): Promise<{ request: SessionRequest; peer: AnsweringPeer }> {
  const request = await relay.request(overrides)
  const { sessionId } = request
  const peer = createAnsweringPeer(signal => void relay.send({ type: 'session.signal', sessionId, signal }))
  peers.push(peer)
  relay.onSignal = (id, signal) => void (id === sessionId && peer.handleSignal(signal))
  await relay.join(request)
  await relay.event(sessionId, 'peer-connected')
  // Input goes nowhere before there is a desktop to see.
  await peer.picture(() => true)
  await peer.opened('input')
  return { request, peer }
}

const BEN = { operator: { id: 'operator-2', name: 'Ben Okafor', email: 'ben@riverside.example' }, reason: 'Four eyes' }

/** Another operator in the session of `first`, with a peer that is connected. */
async function joinSession(first: SessionRequest): Promise<{ request: SessionRequest; peer: AnsweringPeer }> {
  const toFirst = relay.onSignal
  const request = await relay.request({ ...BEN, beside: first.sessionId })
  const { sessionId } = request
  const peer = createAnsweringPeer(signal => void relay.send({ type: 'session.signal', sessionId, signal }))
  peers.push(peer)
  relay.onSignal = (id, signal) => (id === sessionId ? void peer.handleSignal(signal) : toFirst(id, signal))
  await relay.join(request)
  await relay.event(sessionId, 'peer-connected')
  await peer.picture(() => true)
  await peer.opened('input')
  return { request, peer }
}

/** Until it is on the desktop: the host hears on a way of its own that a question is over, and what comes before that goes nowhere. */
const typedBy = (peer: AnsweringPeer, text: string) =>
  waitFor(`"${text}" on the desktop`, () => {
    peer.send('input', { type: 'text', text })
    return keys.text.endsWith(text)
  })

const hasInput = (name: string) => (message: unknown) =>
  JSON.stringify(message).includes(`"name":"${name}","isSelf":false,"hasInput":true`)
const wasDropped = ({ sessionId }: SessionRequest, why: string) =>
  relay.message(
    (message): message is typeof message =>
      message.type === 'session.dropped' && message.sessionId === sessionId && message.why === why,
  )
const turnOf = ({ sessionId }: SessionRequest) =>
  relay.message(
    (message): message is typeof message => message.type === 'session.turn' && message.sessionId === sessionId,
  )

/** What the device signed of the person's answers, in their order. */
const answersIn = ({ messages }: StandInRelay) =>
  messages
    .flatMap(message => (message.type === 'session.receipt' ? [decodeJwt<ReceiptClaims>(message.receipt)] : []))
    .flatMap(({ kind, ...claims }) => (kind === 'answer' ? [claims] : []))
    .map(({ asked, granted, answer, unasked }) => ({ asked, granted, answer, ...(unasked ? { unasked } : {}) }))

const reasonOf = async (request: SessionRequest): Promise<EndReason | undefined> => {
  const { event } = await relay.event(request.sessionId, 'end')
  await relay.event(request.sessionId, 'torn-down')
  return event.type === 'end' ? event.reason : undefined
}

/** The process ids of the session's host and window, from what the agent runs. */
async function consentPid(): Promise<number> {
  const line = await agent.line('told {\\"type\\":\\"ask')
  return Number(/pid (\d+)/.exec(line)?.[1])
}
async function hostPid(): Promise<number> {
  const consent = await consentPid()
  return agent.children().find(pid => pid !== consent) ?? 0
}

describe('session', () => {
  it('ends by itself when its operator does nothing for as long as the policy allows', async () => {
    await startAgent()
    const { request, peer } = await startSession({ idleMs: 1_000 })
    const startedAtMs = performance.now()
    peer.send('input', { type: 'pointer-move', x: 5, y: 5 })
    expect(await reasonOf(request)).toBe('idle')
    expect(performance.now() - startedAtMs).toBeGreaterThan(1_000)
  })

  it('runs from the request to the picture and to the end, and leaves nothing behind', async () => {
    await startAgent()
    const { request, peer } = await startSession()
    const picture = await peer.picture(() => true)
    expect([picture.width, picture.height]).toEqual([800, 600])
    const host = await hostPid()
    const endedAtMs = performance.now()
    await relay.send({ type: 'session.end', sessionId: request.sessionId, reason: 'operator-ended' })
    expect(await reasonOf(request)).toBe('operator-ended')
    expect(performance.now() - endedAtMs).toBeLessThan(1_000)
    expect(agent.children()).not.toContain(host)
    await agent.line('told {\\"type\\":\\"over\\",\\"reason\\":\\"operator-ended\\"}')
    const events = relay.messages.flatMap(message => (message.type === 'session.event' ? [message.event.type] : []))
    expect(events).toEqual(['consent-shown', 'consent-granted', 'peer-connected', 'end', 'torn-down'])
  })

  it('lets the operator type on the desktop', async () => {
    await startAgent()
    const { peer } = await startSession()
    for (const pressed of [true, false]) peer.send('input', { type: 'key', code: 'KeyK', pressed })
    await keys.until(probe => probe.text.endsWith('k'))
  })

  it.each([
    ['decline', 'denied'],
    ['close', 'denied'],
    ['crash', 'denied'],
    // Nobody was asked: that isn't the person's doing.
    ['fail', 'agent-failed'],
  ] as const)('takes a window that would %s as a "no"', async (behaviour, reason) => {
    await startAgent(behaviour)
    const request = await relay.request()
    expect(await reasonOf(request)).toBe(reason)
  })

  it('takes a window that cannot be started as a "no"', async () => {
    await startAgent(['/nonexistent/consent'])
    const { event } = await relay.event((await relay.request()).sessionId, 'end')
    expect(event).toMatchObject({ reason: 'agent-failed', cause: 'no-way-to-ask' })
  })

  it('A59 ignores an answer that comes before the dialog is armed, and gives up after the time', async () => {
    await startAgent('early')
    const request = await relay.request({ consentTimeoutMs: 5_000 })
    expect(await reasonOf(request)).toBe('consent-timeout')
    expect(JSON.stringify(relay.messages)).not.toContain('consent-granted')
  })

  it('A57 no message of the relay sets consent', async () => {
    await startAgent('wait')
    const { sessionId } = await relay.request()
    await relay.event(sessionId, 'consent-shown')
    const pass = await relay.pass({ sessionId })
    const proof = await relay.proof(sessionId, Buffer.alloc(32).toString('base64url'))
    const forged: RelayToAgent[] = [
      { type: 'session.join', sessionId, pass, proof },
      { type: 'session.signal', sessionId, signal: { kind: 'answer', sdp: 'v=0' } },
    ]
    for (const message of forged) await expect(relay.send(message)).rejects.toMatchObject({ code: 'forbidden' })
    const event = { type: 'consent-granted', scopes: ['view'], untilMs: 1 }
    relay.sendRaw(JSON.stringify({ id: 900, type: 'session.event', sessionId, event, agentNonce: 'A'.repeat(43) }))
    // No message of the contract: the agent drops the link and tells the state when it is back.
    await relay.message(
      (message): message is typeof message =>
        message.type === 'agent.hello' && message.sessions[0]?.state.name === 'awaiting-consent',
    )
    expect(JSON.stringify(relay.messages)).not.toContain('offer')
  })

  it('A7 refuses a join with a wrong pass, key, device, session, scope or nonce, and then takes the right one', async () => {
    await startAgent()
    const request = await relay.request({ scopes: ['view'] })
    const { sessionId } = request
    const { agentNonce = '' } = await relay.event(sessionId, 'consent-granted')
    const stranger = await makeTestKey()
    const other = (await relay.proof(sessionId, agentNonce)).slice(0, -6)
    const right = { sessionId, scopes: ['view'] as const }
    const good = await relay.proof(sessionId, agentNonce)
    const tries = [
      ['pass-expired', await relay.pass({ ...right, expiresInS: -31 }), good],
      ['pass-invalid', await relay.pass({ ...right, signer: { key: stranger, kid: 'first' } }), good],
      ['pass-wrong-device', await relay.pass({ ...right, deviceId: `dev_${'0'.repeat(26)}` }), good],
      ['pass-wrong-session', await relay.pass({ ...right, sessionId: `ses_${'0'.repeat(26)}` }), good],
      ['forbidden', await relay.pass({ ...right, scopes: ['view', 'control'] }), good],
      ['pass-key-mismatch', await relay.pass({ ...right, boundTo: stranger.publicKey }), good],
      ['pass-key-mismatch', await relay.pass(right), await relay.proof(sessionId, agentNonce, stranger)],
      ['proof-invalid', await relay.pass(right), await relay.proof(sessionId, 'A'.repeat(43))],
      ['proof-invalid', await relay.pass(right), other],
    ] as const
    for (const [code, pass, proof] of tries) {
      await expect(relay.send({ type: 'session.join', sessionId, pass, proof })).rejects.toMatchObject({ code })
    }
    expect(JSON.stringify(relay.messages)).not.toContain('session.signal')
    await relay.join(request)
  })

  it('A79 refuses a second session while one lives, and A34 messages for sessions that it does not have', async () => {
    await startAgent('wait')
    const first = await relay.request()
    await expect(relay.request()).rejects.toMatchObject({ code: 'device-busy' })
    const sessionId = `ses_${'0'.repeat(26)}`
    await expect(relay.send({ type: 'session.end', sessionId, reason: 'idle' })).rejects.toMatchObject({
      code: 'session-closed',
    })
    await relay.send({ type: 'session.end', sessionId: first.sessionId, reason: 'operator-ended' })
    expect(await reasonOf(first)).toBe('operator-ended')
    await relay.request()
  })

  it('takes 200 candidates and one answer', async () => {
    await startAgent()
    const { request } = await startSession()
    const { sessionId } = request
    await expect(
      relay.send({ type: 'session.signal', sessionId, signal: { kind: 'answer', sdp: 'v=0' } }),
    ).rejects.toMatchObject({ code: 'bad-request' })
    await expect(
      relay.send({ type: 'session.signal', sessionId, signal: { kind: 'offer', sdp: 'v=0' } }),
    ).rejects.toMatchObject({ code: 'bad-request' })
    const signal = { kind: 'candidate', candidate: '', sdpMid: null, sdpMLineIndex: null } as const
    const sends = await Promise.allSettled(
      Array.from({ length: 201 }, () => relay.send({ type: 'session.signal', sessionId, signal })),
    )
    const refused = sends.filter(result => result.status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]?.reason).toMatchObject({ code: 'too-many-candidates' })
  })

  it('A67 ends when the person clicks End, and when the banner dies', async () => {
    await startAgent()
    const clicked = await startSession()
    process.kill(await consentPid(), 'SIGUSR2')
    expect(await reasonOf(clicked.request)).toBe('user-ended')
    await agent.stop()
    await relay.close()

    relay = await startStandInRelay()
    await startAgent()
    const killed = await startSession()
    process.kill(await consentPid(), 'SIGKILL')
    // Nobody knows who did it, so it is nobody's word.
    const { event } = await relay.event(killed.request.sessionId, 'end')
    expect(event).toMatchObject({ reason: 'agent-failed', cause: 'banner-gone' })
  })

  it.each(['SIGSEGV', 'SIGKILL'] as const)(
    'A151 survives a host that dies of %s, lifts what it held, and starts the next',
    async signal => {
      await startAgent()
      const { request, peer } = await startSession()
      peer.send('input', { type: 'key', code: 'ControlLeft', pressed: true })
      peer.send('input', { type: 'key', code: 'KeyQ', pressed: true })
      peer.send('input', { type: 'pointer-button', button: 0, pressed: true, x: 5, y: 5 })
      await keys.until(probe => probe.strokes.includes('+b1'))
      process.kill(await hostPid(), signal)
      expect(await reasonOf(request)).toBe('agent-failed')
      const { keycodes, buttons } = await keys.state()
      expect({ keycodes, buttons }).toEqual({ keycodes: [], buttons: 0 })
      const next = await startSession()
      await relay.send({ type: 'session.end', sessionId: next.request.sessionId, reason: 'idle' })
      expect(await reasonOf(next.request)).toBe('idle')
      expect(agent.program.pid).toBeGreaterThan(0)
    },
  )

  it('A157 keeps the session while the relay is away and tells its state on return', async () => {
    await startAgent()
    const { request, peer } = await startSession()
    relay.disconnect(1001)
    const hello = await relay.message(
      (message): message is Extract<typeof message, { type: 'agent.hello' }> =>
        message.type === 'agent.hello' && message.sessions[0]?.state.name === 'active',
    )
    expect(hello.sessions[0]?.sessionId).toBe(request.sessionId)
    peer.send('control', { type: 'end' })
    expect(await reasonOf(request)).toBe('operator-ended')
  })

  it('A61 what the person left out stays out, whatever the operator’s program sends, and each kind is told once', async () => {
    await startAgent('view-only')
    const { request, peer } = await startSession()
    const granted = await relay.event(request.sessionId, 'consent-granted')
    expect(granted.event).toMatchObject({ scopes: ['view'] })
    for (let times = 0; times < 20; times++) {
      for (const pressed of [true, false]) peer.send('input', { type: 'key', code: 'KeyX', pressed })
      peer.send('input', { type: 'text', text: 'x' })
      peer.send('input', { type: 'pointer-move', x: 5, y: 5 })
    }
    for (const type of ['clipboard', 'file-offer', 'open-view'])
      for (let times = 0; times < 3; times++) peer.send('control', { type, text: 'x' })
    for (const label of ['clipboard', 'files', 'tools', 'clipboard', '<b>mine</b>', 'another'])
      await peer.openForbiddenChannel(label)
    const drops = () => relay.messages.flatMap(message => (message.type === 'session.dropped' ? [message] : []))
    await expect
      .poll(() =>
        drops()
          .map(({ kind, why }) => `${kind} ${why}`)
          .toSorted(),
      )
      .toEqual([
        ...['channel clipboard invalid', 'channel files invalid', 'channel invalid', 'channel tools invalid'],
        ...['control invalid', 'key scope', 'pointer-move scope', 'text scope'],
      ])
    expect(keys.text).not.toContain('x')
  })

  it('A62 the person pauses and takes control back: the service says so, and nothing reaches the desktop', async () => {
    await startAgent()
    const { request, peer } = await startSession()
    const window = await consentPid()
    process.kill(window, 'SIGWINCH')
    const { event } = await relay.event(request.sessionId, 'scopes-changed')
    expect(event).toMatchObject({ scopes: ['view'] })
    peer.send('input', { type: 'text', text: 'z' })
    process.kill(window, 'SIGHUP')
    await relay.event(request.sessionId, 'paused')
    // What was on its way when the pause began may still arrive within the time that a pause has.
    await new Promise(done => setTimeout(done, PAUSE_MS))
    const pictures = peer.pictures
    peer.send('input', { type: 'text', text: 'z' })
    // Input is read in its order: when this is refused, the text before it has been.
    peer.send('input', { type: 'nothing-known' })
    const isRefused = () => relay.messages.some(said => said.type === 'session.dropped' && said.why === 'invalid')
    await expect.poll(isRefused, { timeout: 5_000 }).toBe(true)
    // The host confirmed the pause in time, or the session would have ended.
    expect(relay.messages.some(message => message.type === 'session.event' && message.event.type === 'end')).toBe(false)
    expect(peer.pictures).toBe(pictures)
    expect(keys.text).not.toContain('z')
  })

  it('A166 the chat goes both ways, in a pause too; what is no message, too long or too much goes no further', async () => {
    await startAgent('view-only')
    const { request, peer } = await startSession()
    await peer.opened('chat')
    peer.send('chat', { type: 'message', id: 1, text: 'Good\u202Emorning https://example.org/\u0000' })
    const isReply = (id: number) => (message: unknown) => JSON.stringify(message).includes(`"message","id":${id},`)
    expect(await peer.message('chat', isReply(1))).toMatchObject({
      text: 'You wrote: Goodmorning https://example.org/',
    })
    expect(peer.received('chat')).toContainEqual({ type: 'received', id: 1 })

    process.kill(await consentPid(), 'SIGHUP')
    await relay.event(request.sessionId, 'paused')
    for (const hostile of [
      'no JSON',
      { type: 'message', id: 2, text: '' },
      { type: 'message', id: 0, text: 'x' },
      { type: 'answer', answer: { accept: true } },
      { type: 'message', id: 2, text: 'x'.repeat(20_000) },
    ])
      peer.send('chat', hostile)
    peer.send('chat', { type: 'message', id: 3, text: '<b>x</b>' })
    expect(await peer.message('chat', isReply(3))).toMatchObject({ text: 'You wrote: <b>x</b>' })
    for (let id = 10; id < 2_000; id++) peer.send('chat', { type: 'message', id, text: 'flood' })
    await relay.message(
      (message): message is typeof message =>
        message.type === 'session.dropped' && message.kind === 'chat' && message.why === 'invalid',
    )
    peer.send('control', { type: 'end' })
    await reasonOf(request)
    expect(agent.lines.filter(line => line.includes('flood')).length).toBeLessThan(60)
    // What stood in the two windows is kept beside the receipts, and neither a log nor the relay has it.
    const files = new ReceiptFiles(agent.stateDir)
    await expect.poll(async () => (await files.all()).length).toBe(1)
    const [kept] = await files.all()
    if (!kept) throw new Error('there is no receipt')
    const chat = await files.chats.read(nameOf(kept))
    expect(chat.slice(0, 4)).toMatchObject([
      { by: 'operator', text: 'Goodmorning https://example.org/', isReceived: true },
      { by: 'person', text: 'You wrote: Goodmorning https://example.org/' },
      { by: 'operator', text: '<b>x</b>' },
      { by: 'person', text: 'You wrote: <b>x</b>' },
    ])
    expect(JSON.stringify(relay.messages)).not.toContain('You wrote')
  })

  it('A164 where the operator’s roles have no chat, nothing that a changed program writes reaches the person', async () => {
    await startAgent('view-only')
    const { request, peer } = await startSession({ withoutChat: true })
    await peer.opened('chat')
    for (const text of ['forbidden words', 'forbidden again']) peer.send('chat', { type: 'message', id: 1, text })
    await relay.message(
      (message): message is typeof message =>
        message.type === 'session.dropped' && message.kind === 'chat' && message.why === 'scope',
    )
    peer.send('control', { type: 'end' })
    await reasonOf(request)
    expect(agent.lines.filter(line => line.includes('forbidden'))).toEqual([])
    expect(relay.messages.filter(message => message.type === 'session.dropped')).toHaveLength(1)
  })

  it('A57 a relay that wants nobody asked gets the person asked where the device doesn’t allow it, and A65 nobody in where nobody is', async () => {
    const desk = await startAgentAt(PERSON, 'screen-locked')
    const unasked = { skipConsent: true, nobodySignedIn: 'allow', screenLocked: 'wait' } as const
    const asked = await relay.request({ unasked })
    await relay.event(asked.sessionId, 'consent-shown')
    expect((await relay.event(asked.sessionId, 'consent-granted')).event).not.toHaveProperty('unasked')
    await relay.send({ type: 'session.end', sessionId: asked.sessionId, reason: 'operator-ended' })
    await relay.event(asked.sessionId, 'torn-down')
    await desk.put('')
    const nobody = await relay.request({ unasked })
    const ended = await relay.event(nobody.sessionId, 'end')
    expect(ended.event).toMatchObject({ reason: 'consent-timeout', cause: 'nobody-signed-in' })
  })

  it('a session that needn’t be asked for shows its banner first, says so in audit and receipt, and is the person’s to end', async () => {
    await startAgentAt(PERSON, 'skip-consent')
    const { request } = await startSession({ unasked: { skipConsent: true } })
    const { event } = await relay.event(request.sessionId, 'consent-granted')
    expect(event).toMatchObject({ unasked: 'skip-consent', scopes: ['view', 'control'] })
    const told = agent.lines.filter(line => line.includes('told {'))
    expect(told[0]).toContain('\\"type\\":\\"announce\\"')
    expect(told.join()).not.toContain('\\"type\\":\\"ask\\"')
    expect(told[1]).toContain('\\"unasked\\":\\"skip-consent\\"')
    process.kill(Number(/pid (\d+) told/.exec(told[0] ?? '')?.[1]), 'SIGUSR2')
    expect(await reasonOf(request)).toBe('user-ended')
    await expect
      .poll(() => answersIn(relay))
      .toEqual([
        { asked: ['view', 'control'], granted: ['view', 'control'], answer: 'not-asked', unasked: 'skip-consent' },
      ])
  })

  it('A57 A167 whoever joins is asked for, whatever a relay says and the device allows of others; the banner still says how the first one came in', async () => {
    await startAgentAt(PERSON, 'skip-consent')
    const { request: first } = await startSession({ unasked: { skipConsent: true } })
    const second = await relay.request({ ...BEN, beside: first.sessionId, unasked: { skipConsent: true } })
    await relay.event(second.sessionId, 'consent-shown')
    expect((await relay.event(second.sessionId, 'consent-granted')).event).not.toHaveProperty('unasked')
    await agent.line('\\"unasked\\":\\"skip-consent\\",\\"others\\":[\\"Ben Okafor\\"]')
  })

  it('A57 nothing begins unasked before its banner can be seen', async () => {
    agent = await startTestAgent({
      ...{ relayUrl: relay.url, enrolmentToken: 'token-1', display: display.name, consent: 'wait' as const },
      environment: { HANDHOLD_AGENT_WITHOUT_CONSENT: 'skip-consent' },
    })
    await relay.online()
    const request = await relay.request({ unasked: { skipConsent: true } })
    await agent.line('nobody is asked')
    const proof = await relay.proof(request.sessionId, 'A'.repeat(43))
    const pass = await relay.pass({ sessionId: request.sessionId })
    await expect(relay.send({ type: 'session.join', sessionId: request.sessionId, pass, proof })).rejects.toMatchObject(
      {
        code: 'forbidden',
      },
    )
    process.kill(Number(/pid (\d+) told/.exec(await agent.line('announce'))?.[1]), 'SIGKILL')
    expect(await reasonOf(request)).toBe('agent-failed')
  })

  it('A65 with nobody signed in one for the sign-in screen begins where both allow it, and ends when somebody signs in', async () => {
    const desk = await startAgentAt('', 'nobody-signed-in')
    const { request } = await startSession({ unasked: { nobodySignedIn: 'login-screen' } })
    expect((await relay.event(request.sessionId, 'consent-granted')).event).toMatchObject({
      unasked: 'nobody-signed-in',
    })
    await desk.put(PERSON)
    const { event } = await relay.event(request.sessionId, 'end')
    expect(event).toMatchObject({ reason: 'policy-revoked', cause: 'signed-in' })
  })

  it('A65 nobody signed in, or a locked screen, is a "no" that says so, and never a session without a person', async () => {
    const desk = await startAgentAt('')
    const nobody = await relay.request()
    const ended = await relay.event(nobody.sessionId, 'end')
    expect(ended.event).toMatchObject({ reason: 'consent-timeout', cause: 'nobody-signed-in' })
    await relay.event(nobody.sessionId, 'torn-down')
    await desk.put(`${PERSON}LOCKED_HINT=1\n`)
    const locked = await relay.request()
    const refused = await relay.event(locked.sessionId, 'end')
    expect(refused.event).toMatchObject({ reason: 'consent-timeout', cause: 'screen-locked' })
    expect(JSON.stringify(relay.messages)).not.toMatch(/consent-granted|arming|otp-issued/)
  })

  it('A67 a session rests while the screen is locked or its banner covered, and ends when the person signs out', async () => {
    const desk = await startAgentAt(PERSON)
    const { request, peer } = await startSession()
    const rests = async () => {
      const { event } = await relay.event(request.sessionId, 'paused')
      expect(event).toEqual({ type: 'paused', by: 'policy' })
    }
    await desk.put(`${PERSON}LOCKED_HINT=1\n`)
    await rests()
    peer.send('input', { type: 'text', text: 'under the lock' })
    const window = await consentPid()
    process.kill(window, 'SIGTTIN')
    await desk.put(PERSON)
    // Two causes: the end of one alone changes nothing.
    await agent.line('"desk":"present"')
    expect(relay.messages.some(message => message.type === 'session.event' && message.event.type === 'resumed')).toBe(
      false,
    )
    process.kill(window, 'SIGTTOU')
    await relay.event(request.sessionId, 'resumed')
    expect(keys.text).not.toContain('under')
    await desk.put('')
    const { event } = await relay.event(request.sessionId, 'end')
    expect(event).toMatchObject({ reason: 'user-ended', cause: 'signed-out' })
  })

  it('A67 a banner that goes because the person signs out is no failure', async () => {
    const desk = await startAgentAt(PERSON)
    const { request } = await startSession()
    const window = await consentPid()
    await desk.put('')
    process.kill(window, 'SIGKILL')
    const { event } = await relay.event(request.sessionId, 'end')
    expect(event).toMatchObject({ reason: 'user-ended', cause: 'signed-out' })
  })

  it('A67 no press of the operator’s gets to the banner; what they hold comes up there too', async () => {
    await startAgent()
    const { peer } = await startSession()
    const press = (x: number, y: number, pressed: boolean) =>
      peer.send('input', { type: 'pointer-button', button: 0, pressed, x, y })
    const before = keys.strokes.length
    press(600, 30, true)
    press(600, 30, false)
    peer.send('input', { type: 'scroll', dx: 0, dy: 1, x: 799, y: 63 })
    press(499, 63, true)
    press(600, 30, false)
    await keys.until(probe => probe.strokes.slice(before).includes('-b1'))
    const drop = await relay.message(
      (message): message is Extract<typeof message, { type: 'session.dropped' }> => message.type === 'session.dropped',
    )
    expect([drop.kind, drop.why]).toEqual(['pointer-button', 'banner'])
    expect(keys.strokes.slice(before)).toEqual(['+b1', '-b1'])
    const { x, y } = await keys.state()
    expect([x, y]).toEqual([499, 63])
  })

  it('A59 A166 while what is typed comes to the person’s window, no key of the operator’s is pressed, and none stays down', async () => {
    await startAgent()
    const { peer } = await startSession()
    const before = keys.strokes.length
    const strokes = () => keys.strokes.slice(before)
    const type = (code: string, pressed: boolean) => peer.send('input', { type: 'key', code, pressed })
    const dropped = (kind: string) =>
      relay.message(
        (message): message is Extract<typeof message, { type: 'session.dropped' }> =>
          message.type === 'session.dropped' && message.kind === kind,
      )
    type('KeyA', true)
    await keys.until(() => strokes().includes('+38'))
    process.kill(await consentPid(), 'SIGIO')
    await keys.until(() => strokes().includes('-38'))
    type('KeyB', true)
    peer.send('input', { type: 'text', text: 'I agree' })
    for (const kind of ['key', 'text']) expect(await dropped(kind)).toMatchObject({ why: 'banner' })
    // The mouse is theirs as before.
    for (const pressed of [true, false])
      peer.send('input', { type: 'pointer-button', button: 0, pressed, x: 9, y: 300 })
    await keys.until(() => strokes().includes('-b1'))
    process.kill(await consentPid(), 'SIGURG')
    await waitFor('a key to be taken again', async () => {
      for (const pressed of [true, false]) type('KeyC', pressed)
      return strokes().includes('-54')
    })
    expect([...new Set(strokes())]).toEqual(['+38', '-38', '+b1', '-b1', '+54', '-54'])
  })

  it('A64 a relay that makes it an unattended device in the middle of a session changes nothing of the session', async () => {
    await startAgent()
    const { request, peer } = await startSession()
    const { sessionId } = await relay.message(
      (message): message is typeof message & { sessionId: string } => message.type === 'session.event',
    )
    expect(sessionId).toBe(request.sessionId)
    const sealKey = {
      key: { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) },
      proof: await relay.pass({ sessionId }),
    } as const
    const unattended = {
      sealKey,
      delivery: 'operator',
      endLock: 'off',
      lengthMs: 60_000,
      maintenanceScreen: false,
      blockLocalInput: false,
      approvedBy: null,
    } as const
    await expect(relay.request({ unattended })).rejects.toMatchObject({ code: 'device-busy' })
    await relay.send({ type: 'unattended.allow' })
    process.kill(await consentPid(), 'SIGHUP')
    await relay.event(request.sessionId, 'paused')
    peer.send('control', { type: 'end' })
    expect(await reasonOf(request)).toBe('operator-ended')
  })

  it('three refusals shut the device for this operator, and for no other', async () => {
    await startAgent('decline')
    for (let times = 0; times < 3; times++) expect(await reasonOf(await relay.request())).toBe('denied')
    await expect(relay.request()).rejects.toMatchObject({ code: 'asked-too-often' })
    const other = await relay.request({ operator: { id: 'operator-2', name: 'Bo', email: 'bo@riverside.example' } })
    expect(await reasonOf(other)).toBe('denied')
  })

  it('a later need asks for that alone; the answer is signed, and the lease is asked for anew', async () => {
    await startAgent('view-only')
    const { request, peer } = await startSession()
    const { sessionId } = request
    await relay.event(sessionId, 'consent-granted')
    const leases = () => relay.messages.filter(message => message.type === 'session.lease-request').length
    const before = leases()
    await relay.send({ type: 'session.further', sessionId, scopes: ['control'] })
    const told = await agent.line('told {\\"type\\":\\"ask-further')
    expect(told).toContain('\\"scopes\\":[\\"control\\"]')
    const { event } = await relay.event(sessionId, 'further-answered')
    expect(event).toEqual({ type: 'further-answered', answer: 'granted', scopes: ['view', 'control'] })
    await typedBy(peer, 'm')
    await expect.poll(leases).toBeGreaterThan(before)
    await expect(relay.send({ type: 'session.further', sessionId, scopes: ['control'] })).rejects.toMatchObject({
      code: 'bad-request',
    })
    await expect
      .poll(() => answersIn(relay))
      .toEqual([
        { asked: ['view', 'control'], granted: ['view'], answer: 'granted' },
        { asked: ['control'], granted: ['control'], answer: 'granted' },
      ])
  })

  it('A59 while more is asked for the operator’s input goes nowhere, and no answer in time is a "no"', async () => {
    await startAgent('ignore-further')
    const { request, peer } = await startSession({ consentTimeoutMs: 6_000 })
    const { sessionId } = request
    await relay.send({ type: 'session.further', sessionId, scopes: ['shell-user'] })
    await relay.event(sessionId, 'further-shown')
    // The host hears of the question on a way of its own, so the first of these may still be before it.
    const isDropped = () =>
      relay.messages.some(message => message.type === 'session.dropped' && message.why === 'asking')
    await waitFor('input to go nowhere', () => {
      peer.send('input', { type: 'text', text: 'a' })
      return isDropped()
    })
    const typedBefore = keys.text
    peer.send('input', { type: 'text', text: 'a' })
    await expect(relay.send({ type: 'session.further', sessionId, scopes: ['services'] })).rejects.toMatchObject({
      code: 'illegal-transition',
    })
    const { event } = await relay.event(sessionId, 'further-answered')
    expect(event).toEqual({ type: 'further-answered', answer: 'timeout', scopes: ['view', 'control'] })
    expect(keys.text).toBe(typedBefore)
    await typedBy(peer, 'n')
  })

  it('A59 a "yes" to more that comes before it is armed doesn’t count, and taking control back is a "no" to it', async () => {
    await startAgent('early-further')
    const { request } = await startSession({ consentTimeoutMs: 15_000 })
    const { sessionId } = request
    await relay.send({ type: 'session.further', sessionId, scopes: ['shell-user'] })
    const asked = () => agent.lines.filter(line => line.includes('told {\\"type\\":\\"ask-further')).length
    await expect.poll(asked).toBeGreaterThan(1)
    process.kill(await consentPid(), 'SIGWINCH')
    const { event } = await relay.event(sessionId, 'further-answered')
    expect(event).toEqual({ type: 'further-answered', answer: 'denied', scopes: ['view', 'control'] })
    expect((await relay.event(sessionId, 'scopes-changed')).event).toMatchObject({ scopes: ['view'] })
  })

  it('A167 another operator joins by the person’s word: both see, one has mouse and keyboard, and who stays behind only sees', async () => {
    await startAgent()
    const { request: first, peer: ada } = await startSession()
    const { request: second, peer: ben } = await joinSession(first)
    await agent.line('\\"others\\":[\\"Ben Okafor\\"]')
    expect(await ben.message('control', hasInput('Ada Brandt'))).toMatchObject({ people: [{}, { isSelf: true }] })
    ben.send('input', { type: 'text', text: 'p' })
    await wasDropped(second, 'turn')
    // The chat is the first one's for as long as they are there.
    await ben.opened('chat')
    ben.send('chat', { type: 'message', id: 1, text: 'from beside' })
    await wasDropped(second, 'scope')
    // Only whoever has them passes them on.
    ben.send('control', { type: 'give-input' })
    ben.send('control', { type: 'take-input' })
    // Each has a connection of their own: what the second one said is to be over before the first one says more.
    ben.send('control', { type: 'ping', sequence: 1 })
    await ben.message('control', message => (message as { type: string }).type === 'pong')
    ada.send('control', { type: 'give-input' })
    await turnOf(second)
    ben.send('input', { type: 'text', text: 'q' })
    await keys.until(probe => probe.text.endsWith('q'))
    expect(keys.text).not.toContain('p')
    ada.send('input', { type: 'text', text: 'p' })
    await wasDropped(first, 'turn')
    ada.send('control', { type: 'take-input' })
    await turnOf(first)
    ada.send('input', { type: 'text', text: 'r' })
    await keys.until(probe => probe.text.endsWith('r'))

    ada.send('control', { type: 'end' })
    expect(await reasonOf(first)).toBe('operator-ended')
    expect((await relay.event(second.sessionId, 'scopes-changed')).event).toMatchObject({ scopes: ['view'] })
    // The host hears of it on a way of its own, so the first of these may still be before it.
    await waitFor('input to be refused', () => {
      ben.send('input', { type: 'text', text: 'p' })
      return relay.messages.some(
        said => said.type === 'session.dropped' && said.kind === 'text' && said.why === 'scope',
      )
    })
    ben.send('chat', { type: 'message', id: 2, text: 'from the one who took over' })
    await agent.line('from the one who took over')
    expect(agent.lines.filter(line => line.includes('from beside'))).toEqual([])
    await relay.send({ type: 'session.further', sessionId: second.sessionId, scopes: ['control'] })
    await relay.event(second.sessionId, 'further-answered')
    await typedBy(ben, 's')
    expect(keys.text).not.toContain('p')
    ben.send('control', { type: 'end' })
    expect(await reasonOf(second)).toBe('operator-ended')
    await agent.line('told {\\"type\\":\\"over')
  })

  it('A167 the person’s pause and end are for everybody; nobody joins a session of their own, twice, for tools, or one that isn’t there', async () => {
    await startAgent()
    const { request: first } = await startSession()
    const ask = (id: string, beside = first.sessionId) =>
      relay.request({ operator: { id, name: 'Eve', email: 'eve@riverside.example' }, beside })
    await expect(ask('operator-1')).rejects.toMatchObject({ code: 'device-busy' })
    const unknown = `${first.sessionId.slice(0, -1)}${first.sessionId.endsWith('0') ? '1' : '0'}`
    await expect(ask('operator-3', unknown)).rejects.toMatchObject({
      code: 'illegal-transition',
    })
    const { request: second } = await joinSession(first)
    await expect(ask('operator-3')).rejects.toMatchObject({ code: 'device-busy' })
    await expect(
      relay.send({ type: 'session.further', sessionId: second.sessionId, scopes: ['shell-user'] }),
    ).rejects.toMatchObject({ code: 'illegal-transition' })
    const window = await consentPid()
    process.kill(window, 'SIGHUP')
    for (const { sessionId } of [first, second]) await relay.event(sessionId, 'paused')
    process.kill(window, 'SIGUSR2')
    for (const request of [first, second]) expect(await reasonOf(request)).toBe('user-ended')
    expect(agent.children()).toEqual([])
  })

  it('A167 a "no" to whoever wants to join counts for them, and the session goes on', async () => {
    await startAgent('refuse-further')
    const { request: first, peer } = await startSession()
    const second = await relay.request({ ...BEN, beside: first.sessionId })
    expect(await reasonOf(second)).toBe('denied')
    await typedBy(peer, 't')
  })

  it('refusals of more count with the others, and the session goes on', async () => {
    await startAgent('refuse-further')
    const { request, peer } = await startSession()
    const { sessionId } = request
    const refused = () =>
      relay.messages.filter(said => said.type === 'session.event' && said.event.type === 'further-answered').length
    const ask = () => relay.send({ type: 'session.further', sessionId, scopes: ['shell-user'] })
    for (let times = 1; times <= 3; times++) {
      await ask()
      await expect.poll(refused, { timeout: 5_000 }).toBe(times)
    }
    await expect(ask()).rejects.toMatchObject({ code: 'asked-too-often' })
    await typedBy(peer, 'o')
    peer.send('control', { type: 'end' })
    expect(await reasonOf(request)).toBe('operator-ended')
    await expect(relay.request()).rejects.toMatchObject({ code: 'asked-too-often' })
  })

  it('A66 does not remember consent, and leaves no process when it is ended', async () => {
    await startAgent()
    const { request } = await startSession()
    const children = agent.children()
    expect(children).toHaveLength(2)
    agent.program.kill('SIGTERM')
    expect(await agent.program.exited).toBe(0)
    expect(await reasonOf(request)).toBe('agent-failed')
    for (const pid of children) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  it('A66 an agent that starts again within the granted time asks again, and what was granted before opens nothing', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'handhold-restart-'))
    roots.push(stateDir)
    const start = async (consent: TestAgentOptions['consent']) => {
      const at = { relayUrl: relay.url, enrolmentToken: 'token-1', display: display.name, stateDir }
      agent = await startTestAgent({ ...at, consent })
      await relay.online()
    }
    await start('accept')
    const { request } = await startSession()
    agent.program.kill('SIGKILL')
    await agent.program.exited
    await start('decline')
    // The operator still has the pass and the proof of the session that was granted.
    await expect(relay.join(request)).rejects.toMatchObject({ code: 'session-closed' })
    const asked = await relay.request()
    expect(asked.operator).toEqual(request.operator)
    expect(await reasonOf(asked)).toBe('denied')
    expect(agent.lines.filter(line => /told \W+type\W+ask\W/.test(line))).toHaveLength(1)
  })

  it('takes its children along when it is killed', async () => {
    await startAgent()
    const { peer } = await startSession()
    const children = agent.children()
    agent.program.kill('SIGKILL')
    await agent.program.exited
    await peer.channelClosed('control')
    await expect.poll(() => children.filter(isAlive)).toEqual([])
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

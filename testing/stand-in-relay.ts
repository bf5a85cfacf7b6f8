import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'
import { type WebSocket, WebSocketServer } from 'ws'
import { enrolBodySchema } from '#protocol/enrolment-http.ts'
import { idFromBytes } from '#protocol/ids.ts'
import { type Ed25519PublicJwk, type PassVerificationKey, thumbprintOf } from '#protocol/keys.ts'
import { PASS_TTL_S, SESSION_DURATION_MS } from '#protocol/limits.ts'
import { PASS } from '#protocol/pass.ts'
import { signProof, verifyProof } from '#protocol/proof.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { KEY_HANDOVER } from '#protocol/trust/key-handover.ts'
import { LEASE } from '#protocol/trust/lease.ts'
import { signStatement } from '#protocol/trust/signed.ts'
import { signToken } from '#protocol/trust/token.ts'
import { type AgentToRelay, agentToRelaySchema, type RelayToAgent, type SessionRequest } from '#protocol/wire/agent.ts'
import { FramedLink } from '#protocol/wire/link.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { OrganisationView } from '#protocol/wire/views.ts'
import { systemClock } from '../agent/links/clock.ts'
import { makeTestKey, type TestKey } from './keys.ts'
import { signOperatorTranscript } from './transcripts.ts'

/** A key of the relay's, by the name that devices know it by. */
export interface RelaySigner {
  readonly key: TestKey
  readonly kid: string
}

export interface PassOptions {
  readonly sessionId: string
  readonly scopes?: readonly Scope[]
  readonly deviceId?: string
  readonly boundTo?: Ed25519PublicJwk
  /** Seconds from now; negative for a pass that is over. */
  readonly expiresInS?: number
  /** Default: what signs now. */
  readonly signer?: RelaySigner
}

/** A relay for tests of the agent: real HTTP and a real socket, and it does whatever a test asks, lies included. */
export interface StandInRelay {
  readonly url: string
  readonly port: number
  readonly deviceId: string
  readonly organisation: OrganisationView
  readonly operator: TestKey
  /** What enrolments are answered with and each welcome is followed by. Default: none. */
  organisationOrders: string[]
  /** Every message of agents, in its order. */
  readonly messages: readonly AgentToRelay[]
  readonly connections: number
  readonly enrolments: number
  /** Answers the next enrolments (default: all) with this status and error. */
  refuseEnrolment(status: number, code: string, times?: number): void
  /** Resolves once an agent is welcome. */
  readonly online: () => Promise<void>
  /** The first message, among those that came already too, for which `test` holds. */
  message<T extends AgentToRelay>(test: (message: AgentToRelay) => message is T): Promise<T>
  event(sessionId: string, type: string): Promise<Extract<AgentToRelay, { type: 'session.event' }>>
  send(message: RelayToAgent): Promise<void>
  sendRaw(text: string): void
  request(overrides?: Partial<SessionRequest>): Promise<SessionRequest>
  pass(options: PassOptions): Promise<string>
  proof(sessionId: string, agentNonce: string, signer?: TestKey): Promise<string>
  /** Every question for a lease is answered with one of these. */
  lease(sessionId: string, nonce: string): Promise<string>
  /** Lets the operator join with a right pass and proof. */
  join(request: SessionRequest, signer?: RelaySigner): Promise<void>
  onSignal: (sessionId: string, signal: Signal) => void
  /** What signs passes and leases now. */
  signer(): RelaySigner
  /** Another key signs from now on, and the one before says so. Nobody hears of it unless told with `send`. */
  rotate(previousUntilMs: number): Promise<string>
  /** The first key says that the second one follows it. */
  handover(keys: { readonly from: TestKey; readonly to: TestKey }, previousUntilMs?: number): Promise<string>
  /** What an operator's app gets that asks for its pass over HTTP. */
  passFor: (sessionId: string) => Promise<string>
  /** Each answer is followed by the operator's transcript. Default true. */
  provesItself: boolean
  /** How far its clock says to be ahead. Default 0. */
  clockOffsetMs: number
  /** Closes the agent's socket. */
  disconnect(code: number): void
  close(): Promise<void>
}

const nameOf = ({ thumbprint }: TestKey): string => thumbprint.slice(0, 16)
const id = (kind: Parameters<typeof idFromBytes>[0]) => idFromBytes(kind, randomBytes(16))

export async function startStandInRelay(options: { readonly port?: number } = {}): Promise<StandInRelay> {
  let signer: RelaySigner = { key: await makeTestKey(), kid: 'first' }
  const passKeys = (): PassVerificationKey[] => [{ ...signer.key.publicKey, kid: signer.kid }]
  const operator = await makeTestKey()
  const organisation = { id: id('organisation'), name: 'Riverside Clinic' }
  const deviceId = id('device')
  const messages: AgentToRelay[] = []
  const watchers = new Set<() => void>()
  let deviceKey: Ed25519PublicJwk | undefined
  let refusal: { status: number; code: string; times: number } | undefined
  let current: { socket: WebSocket; link: FramedLink<AgentToRelay, RelayToAgent>; isWelcome: boolean } | undefined
  let connections = 0
  let enrolments = 0
  const offers = new Map<string, string>()
  const operators = new Map<string, string>()

  const notify = () => {
    for (const watcher of [...watchers]) watcher()
  }
  const when = <T>(read: () => T | undefined): Promise<T> =>
    new Promise(resolve => {
      const check = () => {
        const value = read()
        if (value === undefined) return
        watchers.delete(check)
        resolve(value)
      }
      watchers.add(check)
      check()
    })

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const answer = (status: number, body: object): unknown =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const wanted = /^\/v1\/sessions\/(\w+)\/pass$/.exec(request.url ?? '')?.[1]
    if (wanted) return answer(200, { pass: await relay.passFor(wanted), expiresAtMs: Date.now() + PASS_TTL_S * 1000 })
    if (request.url !== '/v1/enrol') return answer(404, {})
    enrolments++
    if (refusal && refusal.times-- > 0) {
      const { status, code } = refusal
      return answer(status, { type: `/v1/problems/${code}`, title: 'Spent', status, detail: 'It is spent.', code })
    }
    const body = enrolBodySchema.parse(JSON.parse(Buffer.concat(chunks).toString()))
    const claims = await verifyProof('enrol', body.proof, await thumbprintOf(body.key))
    if (claims.tokenHash !== createHash('sha256').update(body.token).digest('base64url')) return answer(400, {})
    deviceKey = body.key
    const { organisationOrders } = relay
    return answer(201, { deviceId, status: 'active', organisation, passKeys: passKeys(), organisationOrders })
  })
  const sockets = new WebSocketServer({ server, path: '/v1/agent/socket' })
  sockets.on('connection', socket => {
    connections++
    const nonce = randomBytes(32).toString('base64url')
    const link = new FramedLink<AgentToRelay, RelayToAgent>({
      transport: { send: text => socket.send(text), close: (code, reason) => socket.close(code, reason) },
      incoming: agentToRelaySchema,
      onMessage: message => handle(message, nonce),
      setTimer: systemClock.setTimer,
    })
    const connection = { socket, link, isWelcome: false }
    current = connection
    socket.on('message', data => link.receive(String(data)))
    socket.on('close', () => {
      link.closed()
      if (current === connection) current = undefined
      notify()
    })
    link.notify({ type: 'hello', protocolVersion: 1, nonce, serverTimeMs: Date.now() + relay.clockOffsetMs })
  })
  async function handle(message: AgentToRelay, nonce: string): Promise<void> {
    messages.push(message)
    if (message.type === 'agent.hello') {
      if (deviceKey) {
        const claims = await verifyProof('device', message.proof, await thumbprintOf(deviceKey))
        if (claims.nonce !== nonce) throw new Error('another nonce')
      }
      if (current) current.isWelcome = true
      current?.link.notify({ type: 'welcome', organisation, passKeys: passKeys(), handovers: [] })
      for (const order of relay.organisationOrders) current?.link.notify({ type: 'organisation.order', order })
    } else if (message.type === 'session.signal') {
      if (message.signal.kind === 'offer') offers.set(message.sessionId, message.signal.sdp)
      relay.onSignal(message.sessionId, message.signal)
    } else if (message.type === 'session.lease-request') {
      const lease = await relay.lease(message.sessionId, message.nonce)
      current?.link.notify({ type: 'session.lease', sessionId: message.sessionId, lease })
    }
    notify()
  }
  async function prove(sessionId: string, answer: string): Promise<void> {
    const granted = await relay.event(sessionId, 'consent-granted')
    if (granted.event.type !== 'consent-granted' || !granted.agentNonce) throw new Error('no grant')
    const { scopes, untilMs } = granted.event
    const subject = { sessionId, deviceId, agentNonce: granted.agentNonce, scopes, untilMs }
    const transcript = await signOperatorTranscript(operator, subject, { offer: offers.get(sessionId) ?? '', answer })
    await relay.send({ type: 'session.signal', sessionId, signal: { kind: 'transcript', transcript } })
  }
  await new Promise<void>(resolve => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  const relay: StandInRelay = {
    url: `http://127.0.0.1:${port}`,
    port,
    deviceId,
    organisation,
    operator,
    organisationOrders: [],
    messages,
    get connections() {
      return connections
    },
    get enrolments() {
      return enrolments
    },
    refuseEnrolment(status, code, times = Number.POSITIVE_INFINITY) {
      refusal = { status, code, times }
    },
    online: () => when(() => (current?.isWelcome ? true : undefined)).then(() => undefined),
    message: test => when(() => messages.find(test)),
    event: (sessionId, type) =>
      when(() =>
        messages.find(
          (message): message is Extract<AgentToRelay, { type: 'session.event' }> =>
            message.type === 'session.event' && message.sessionId === sessionId && message.event.type === type,
        ),
      ),
    async send(message) {
      if (!current) throw new Error('no agent is connected')
      await current.link.request(message)
      if (message.type !== 'session.signal' || message.signal.kind !== 'answer' || !relay.provesItself) return
      if (offers.has(message.sessionId)) await prove(message.sessionId, message.signal.sdp)
    },
    sendRaw: text => current?.socket.send(text),
    async request(overrides = {}) {
      const request: SessionRequest = {
        sessionId: id('session'),
        operator: { id: 'operator-1', name: 'Ada Brandt', email: 'ada@riverside.example' },
        organisation,
        reason: 'Printer does not print',
        ticket: 'T-100',
        scopes: ['view', 'control'],
        operatorKeyThumbprint: await thumbprintOf(operator.publicKey),
        consentTimeoutMs: 30_000,
        durationMs: SESSION_DURATION_MS,
        matchCommitment: null,
        ...overrides,
      }
      operators.set(request.sessionId, request.operator.id)
      await relay.send({ type: 'session.request', request })
      return request
    },
    async pass({ sessionId, scopes = ['view', 'control'], boundTo = operator.publicKey, expiresInS = 900, ...rest }) {
      const nowS = Math.floor(Date.now() / 1000)
      const issuedAtS = nowS + Math.min(0, expiresInS - 900)
      return new SignJWT({ org: organisation.id, sid: sessionId, scopes, cnf: { jkt: await thumbprintOf(boundTo) } })
        .setProtectedHeader({ alg: 'EdDSA', typ: PASS.typ, kid: (rest.signer ?? signer).kid })
        .setIssuer(PASS.issuer)
        .setAudience(rest.deviceId ?? deviceId)
        .setSubject('operator-1')
        .setJti(id('pass'))
        .setIssuedAt(issuedAtS)
        .setNotBefore(issuedAtS)
        .setExpirationTime(nowS + expiresInS)
        .sign((rest.signer ?? signer).key.privateKey)
    },
    lease: (sessionId, nonce) => {
      const iat = Math.floor(Date.now() / 1000)
      const sub = operators.get(sessionId) ?? 'operator-1'
      const subject = { aud: deviceId, sub, org: organisation.id, sid: sessionId }
      const claims = { iss: LEASE.issuer, ...subject, scopes: ['view'], nonce, iat, exp: iat + 45 }
      return signToken(LEASE, claims, signer.kid, signer.key.privateKey)
    },
    proof: (sessionId, agentNonce, signer = operator) =>
      signProof('join', { sessionId, deviceId, agentNonce }, signer.privateKey, signer.publicKey),
    async join(request, by) {
      const granted = await relay.event(request.sessionId, 'consent-granted')
      const [pass, proof] = await Promise.all([
        relay.pass({
          sessionId: request.sessionId,
          scopes: grantedBy(granted) ?? request.scopes,
          ...(by && { signer: by }),
        }),
        relay.proof(request.sessionId, granted.agentNonce ?? ''),
      ])
      await relay.send({ type: 'session.join', sessionId: request.sessionId, pass, proof })
    },
    signer: () => signer,
    async rotate(previousUntilMs) {
      const { key: from } = signer
      const to = await makeTestKey()
      signer = { key: to, kid: nameOf(to) }
      return relay.handover({ from, to }, previousUntilMs)
    },
    handover: ({ from, to }, previousUntilMs = 0) => {
      const claims = { version: 1 as const, next: { ...to.publicKey, kid: nameOf(to) }, previousUntilMs }
      return signStatement(KEY_HANDOVER, claims, from.privateKey, from.publicKey)
    },
    provesItself: true,
    clockOffsetMs: 0,
    onSignal: () => undefined,
    passFor: sessionId => relay.pass({ sessionId }),
    disconnect: code => current?.socket.close(code),
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return relay
}

const grantedBy = ({ event }: Extract<AgentToRelay, { type: 'session.event' }>): readonly Scope[] | undefined =>
  event.type === 'consent-granted' ? event.scopes : undefined

import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { SDP_FRAME_MAX_BYTES } from '#protocol/limits.ts'
import { TokenBucket } from '#protocol/token-bucket.ts'
import { CLOSE } from '#protocol/wire/envelope.ts'
import type { Chance } from '../domain/chance.ts'
import type { LoginRecord } from '../domain/store.ts'
import { clientAddress } from '../http/client-address.ts'
import { UPGRADED } from '../http/listener.ts'
import { bearerToken } from '../http/route.ts'
import { AgentConnection } from './agent-connection.ts'
import type { AgentHub } from './agent-hub.ts'
import { type ConnectionParts, OperatorConnection } from './operator-connection.ts'
import type { OperatorHub } from './operator-hub.ts'

/** New sockets a second that one node admits, so that a whole fleet that comes back at once doesn't stop everything else. */
const NEW_SOCKETS_PER_SECOND = 300

export interface UpgradesParts extends ConnectionParts {
  readonly agents: AgentHub
  readonly operators: OperatorHub
  readonly chance: Chance
}

class Refusal extends Error {
  readonly status: string
  constructor(status: string) {
    super(status)
    this.status = status
  }
}

/**
 * The two socket addresses. A refusal is an HTTP answer and no socket comes to be: 404 for every other path, 403 for whatever has an `Origin` (browsers
 * have no business here), 401 for an operator without a valid bearer token in the header or with anything in the query, 503 in a rush.
 */
export function setupUpgrades(server: Server, parts: UpgradesParts): void {
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: SDP_FRAME_MAX_BYTES,
    maxFragments: 256,
    maxBufferedChunks: 4096,
  })
  const admission = new TokenBucket(NEW_SOCKETS_PER_SECOND, NEW_SOCKETS_PER_SECOND, parts.clock.nowMs())
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', error => parts.log.info({ err: error }, 'A socket failed while it was opened'))
    open(request, stream, head).catch(thrown => {
      if (!(thrown instanceof Refusal)) parts.log.error({ err: thrown }, 'A socket could not be opened')
      refuse(stream, thrown instanceof Refusal ? thrown.status : '500 Internal Server Error')
    })
  })

  async function open(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const [path, query] = (request.url ?? '').split('?', 2)
    const isOperator = path === '/v1/operator/socket'
    if (!isOperator && path !== '/v1/agent/socket') throw new Refusal('404 Not Found')
    if (request.httpVersion !== '1.1') throw new Refusal('426 Upgrade Required')
    if (request.headers.origin !== undefined) throw new Refusal('403 Forbidden')
    if (parts.sockets.isClosing || admission.waitMs(1, parts.clock.nowMs()) > 0)
      throw new Refusal('503 Service Unavailable')
    admission.take(parts.clock.nowMs())
    const token = query === undefined ? bearerToken(request.headers.authorization) : null
    const login = isOperator ? await authenticate(request, token) : undefined
    sockets.handleUpgrade(request, stream, head, socket => {
      stream.emit(UPGRADED)
      parts.sockets.add(socket)
      if (login && token !== null) startOperator(login, token, socket)
      else new AgentConnection(socket, addressOf(request), parts.chance.randomText(32), parts.agents, parts)
    })
  }

  async function authenticate(request: IncomingMessage, token: string | null): Promise<LoginRecord> {
    try {
      return await parts.services.logins.authenticate(token)
    } catch {
      parts.services.denied.record({
        organisationId: null,
        actor: { kind: 'stranger', address: addressOf(request) },
        action: 'operator.connect-denied',
        subject: 'operator socket',
        detail: { code: 'token.invalid' },
      })
      throw new Refusal('401 Unauthorized')
    }
  }

  function startOperator(
    login: LoginRecord,
    token: string,
    socket: ConstructorParameters<typeof OperatorConnection>[3],
  ) {
    const connection = new OperatorConnection(parts.chance.randomText(16), login, token, socket, parts.operators, parts)
    connection.start().catch(error => {
      parts.log.error({ err: error }, 'An operator could not be greeted')
      connection.close(CLOSE.internal, 'internal')
    })
  }

  const addressOf = (request: IncomingMessage) => clientAddress(request, parts.services.trustedProxyHops)
}

function refuse(stream: Duplex, status: string): void {
  const retry = status.startsWith('503') ? 'Retry-After: 2\r\n' : ''
  stream.once('finish', () => stream.destroy())
  stream.end(`HTTP/1.1 ${status}\r\n${retry}Connection: close\r\nContent-Length: 0\r\n\r\n`)
}

import type { WebSocket } from 'ws'
import { assertNever } from '#protocol/assert-never.ts'
import { HandholdError } from '#protocol/errors.ts'
import { HELLO_TIMEOUT_MS } from '#protocol/limits.ts'
import { verifyProof } from '#protocol/proof.ts'
import { PROTOCOL_VERSION } from '#protocol/version.ts'
import { type AgentToRelay, agentToRelaySchema, type RelayToAgent } from '#protocol/wire/agent.ts'
import { CLOSE } from '#protocol/wire/envelope.ts'
import { deviceActor } from '../domain/audit.ts'
import type { DeviceRecord } from '../domain/store.ts'
import type { AgentHub, AgentLink } from './agent-hub.ts'
import { LinkSocket } from './link-socket.ts'
import type { ConnectionParts } from './operator-connection.ts'
import { Strikes } from './strikes.ts'

type Hello = Extract<AgentToRelay, { type: 'agent.hello' }>

interface Proven {
  readonly device: DeviceRecord
  readonly strikes: Strikes
}

/** One device's socket. Until it has proven its key it can say `agent.hello` only. */
export class AgentConnection implements AgentLink {
  readonly #parts: ConnectionParts
  readonly #hub: AgentHub
  readonly #address: string
  readonly #nonce: string
  readonly #socket: LinkSocket<AgentToRelay, RelayToAgent>
  readonly #cancelHelloTimer: () => void
  #proven: Proven | null = null

  constructor(socket: WebSocket, address: string, nonce: string, hub: AgentHub, parts: ConnectionParts) {
    this.#parts = parts
    this.#hub = hub
    this.#address = address
    this.#nonce = nonce
    this.#socket = new LinkSocket({
      socket,
      clock: parts.clock,
      log: parts.log,
      incoming: agentToRelaySchema,
      onMessage: message => this.#handle(message),
      onClosed: () => this.#handleClosed(),
    })
    this.#cancelHelloTimer = parts.clock.setTimer(
      () => this.#socket.refuse(new HandholdError('hello-timeout', 'No agent.hello came in time.'), CLOSE.helloTimeout),
      HELLO_TIMEOUT_MS,
    )
    this.#socket.link.notify({
      type: 'hello',
      protocolVersion: PROTOCOL_VERSION,
      nonce,
      serverTimeMs: parts.clock.nowMs(),
    })
  }

  request(message: RelayToAgent): Promise<void> {
    return this.#socket.link.request(message)
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
  }

  #handle(message: AgentToRelay): Promise<void> {
    const proven = this.#proven
    if (!proven) return message.type === 'agent.hello' ? this.#handleHello(message) : this.#refuseStranger('first')
    const { device, strikes } = proven
    const { deviceSessions, routes } = this.#parts.services
    switch (message.type) {
      case 'agent.hello':
        throw new HandholdError('bad-request', 'The device has said hello already.')
      case 'session.event':
        return strikes.watch(message.type, message.sessionId, () =>
          deviceSessions.handleEvent(device.id, message.sessionId, message.event, message.agentNonce),
        )
      case 'session.signal':
        return strikes.watch(message.type, message.sessionId, () =>
          routes.fromAgent(device.id, message.sessionId, message.signal),
        )
      default:
        return assertNever(message)
    }
  }

  async #handleHello(hello: Hello): Promise<void> {
    if (hello.protocolVersion !== PROTOCOL_VERSION) {
      const error = new HandholdError(
        'protocol-version',
        `This relay speaks protocol ${PROTOCOL_VERSION}. Update the agent.`,
      )
      this.#socket.refuse(error, CLOSE.protocolError)
      throw error
    }
    const { services, log } = this.#parts
    const device = await this.#verify(hello)
    if (!device || this.#socket.isClosed) return this.#refuseStranger(hello.deviceId)
    this.#cancelHelloTimer()
    const organisation = await services.read.organisation(device.organisationId)
    // Asked last, just before the socket counts: a device that is removed meanwhile doesn't come in.
    const present = await services.read.device(device.id)
    if (!organisation || !present || this.#socket.isClosed) return this.#refuseStranger(hello.deviceId)
    this.#proven = { device, strikes: this.#strikesOf(device) }
    this.#hub.attach(device.id, this)
    this.#socket.link.notify({ type: 'welcome', organisation, passKeys: [...services.signer.keys] })
    log.info({ deviceId: device.id }, 'A device is connected')
    await services.devices.seen(device.id, hello.facts)
    await services.deviceSessions.handleConnected(device.id, hello.sessions)
  }

  /** The device whose key signed this connection's nonce. */
  async #verify({ deviceId, proof }: Hello): Promise<DeviceRecord | undefined> {
    const device = await this.#parts.services.read.device(deviceId)
    if (!device) return undefined
    try {
      const claims = await verifyProof('device', proof, device.keyThumbprint)
      return claims.deviceId === deviceId && claims.nonce === this.#nonce ? device : undefined
    } catch (thrown) {
      if (thrown instanceof HandholdError) return undefined
      throw thrown
    }
  }

  async #refuseStranger(subject: string): Promise<void> {
    const device = await this.#parts.services.read.device(subject)
    this.#parts.services.denied.record({
      organisationId: device?.organisationId ?? null,
      actor: { kind: 'stranger', address: this.#address },
      action: 'device.connect-denied',
      subject: device?.id ?? 'unknown device',
      detail: {},
    })
    const error = new HandholdError('unauthenticated', 'The device is not enrolled here, or its key is another one.')
    this.#socket.refuse(error, CLOSE.unauthenticated)
    throw error
  }

  #strikesOf(device: DeviceRecord): Strikes {
    return new Strikes({
      denied: this.#parts.services.denied,
      organisationId: device.organisationId,
      actor: deviceActor(device.id),
      refuse: (error, code) => this.#socket.refuse(error, code),
    })
  }

  #handleClosed(): void {
    this.#cancelHelloTimer()
    const device = this.#proven?.device
    if (!device || !this.#hub.detach(device.id, this)) return
    const { services, log } = this.#parts
    log.info({ deviceId: device.id }, 'A device is gone')
    const record = async () => {
      await services.devices.left(device.id)
      await services.deviceSessions.handleDisconnected(device.id)
    }
    this.#parts.sockets.settle(
      record().catch(error => log.error({ err: error, deviceId: device.id }, 'A disconnection could not be recorded')),
    )
  }
}

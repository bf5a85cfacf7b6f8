import type { WebSocket } from 'ws'
import { assertNever } from '#protocol/assert-never.ts'
import { type ErrorCode, HandholdError } from '#protocol/errors.ts'
import { HELLO_TIMEOUT_MS } from '#protocol/limits.ts'
import { verifyProof } from '#protocol/proof.ts'
import { PROTOCOL_VERSION } from '#protocol/version.ts'
import { type AgentToRelay, agentToRelaySchema, type RelayToAgent } from '#protocol/wire/agent.ts'
import { CLOSE } from '#protocol/wire/envelope.ts'
import type { DeviceInventory } from '#protocol/wire/inventory.ts'
import { deviceActor } from '../domain/audit.ts'
import type { Admission } from '../domain/enrolment/arrivals.ts'
import { quarantineText } from '../domain/enrolment/device-status.ts'
import type { DeviceRecord } from '../domain/store.ts'
import type { AgentHub, AgentLink } from './agent-hub.ts'
import { LinkSocket } from './link-socket.ts'
import type { ConnectionParts } from './operator-connection.ts'
import { Strikes } from './strikes.ts'

type Hello = Extract<AgentToRelay, { type: 'agent.hello' }>

const INVENTORY_INTERVAL_MS = 30_000

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
  #waitingId: string | null = null
  #inventoryAtMs = Number.NEGATIVE_INFINITY

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

  handled(): Promise<void> {
    return this.#socket.link.handled()
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
  }

  #handle(message: AgentToRelay): Promise<void> {
    const proven = this.#proven
    if (!proven) {
      if (this.#waitingId !== null) throw helloAgain()
      return message.type === 'agent.hello' ? this.#handleHello(message) : this.#refuseStranger('first')
    }
    const { device, strikes } = proven
    const {
      leases,
      routes,
      toolReports,
      numberHalves,
      drops,
      turns,
      deviceAccess,
      receipts,
      help,
      watches,
      runReports,
    } = this.#parts.services
    switch (message.type) {
      case 'agent.hello':
        throw helloAgain()
      case 'device.inventory':
        return this.#takeInventory(device, message.inventory)
      case 'session.event':
        return strikes.watch(message.type, message.sessionId, () => this.#handleEvent(device, message))
      case 'session.match':
        return strikes.watch(message.type, message.sessionId, () =>
          numberHalves.fromAgent(device.id, message.sessionId, message.nonce),
        )
      case 'session.dropped':
        return strikes.watch(message.type, message.sessionId, () => drops.record(device.id, message))
      case 'session.turn':
        return strikes.watch(message.type, message.sessionId, () => turns.record(device.id, message.sessionId))
      case 'session.signal':
        return strikes.watch(message.type, message.sessionId, () =>
          routes.fromAgent(device.id, message.sessionId, message.signal),
        )
      case 'session.lease-request':
        return strikes.watch(message.type, message.sessionId, () =>
          leases.renew(device.id, message.sessionId, message.nonce),
        )
      case 'session.tool':
        return strikes.watch(message.type, message.sessionId, () =>
          toolReports.record(device.id, message.sessionId, message.report),
        )
      case 'session.watched':
        return strikes.watch(message.type, message.sessionId, () =>
          watches.show(device.id, message.sessionId, message.sealed),
        )
      case 'session.receipt':
        return strikes.watch(message.type, message.sessionId, () =>
          receipts.keep(device.id, message.sessionId, message.receipt),
        )
      case 'session.teardown':
        return strikes.watch(message.type, message.sessionId, () =>
          deviceAccess.tornDown(device.id, message.sessionId, message.removed),
        )
      case 'script.report':
        return strikes.watch(message.type, message.runId, () =>
          runReports.record(device, message.runId, message.report),
        )
      case 'help.ask':
        return help.ask(device, message.wish)
      case 'help.withdraw':
        return help.withdraw(device)
      case 'unattended.off':
        return deviceAccess.switchedOff(device.id, message.wrongTries)
      default:
        return assertNever(message)
    }
  }

  /** Each costs a search entry to be written, so that a device that talks too much is told to wait. */
  async #takeInventory(device: DeviceRecord, inventory: DeviceInventory): Promise<void> {
    const nowMs = this.#parts.clock.nowMs()
    if (nowMs - this.#inventoryAtMs < INVENTORY_INTERVAL_MS)
      throw new HandholdError('rate-limited', 'One report each half minute is taken.')
    this.#inventoryAtMs = nowMs
    await this.#parts.services.deviceRecords.report(device, inventory)
  }

  async #handleEvent(
    device: DeviceRecord,
    { sessionId, event, agentNonce, otp }: Extract<AgentToRelay, { type: 'session.event' }>,
  ): Promise<void> {
    const { deviceSessions, denied } = this.#parts.services
    await deviceSessions.handleEvent(device.id, sessionId, event, agentNonce, otp)
    if (event.type !== 'end' || event.reason !== 'identity-changed') return
    // Its own row, because the session may have ended with the operator's word already.
    const { organisationId } = device
    const actor = deviceActor(device.id)
    denied.record({ organisationId, actor, action: 'session.identity-refused', subject: sessionId, detail: {} })
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
    const { services, clock } = this.#parts
    const key = await this.#verify(hello)
    if (!key || this.#socket.isClosed) return this.#refuseStranger(hello.deviceId)
    this.#cancelHelloTimer()
    const isTwice = await this.#hub.isAnswering(hello.deviceId, clock)
    const { facts, owner, boot } = hello
    const admission = await services.arrivals.admit(
      hello.deviceId,
      { facts, owner, boot, address: this.#address },
      isTwice && !this.#socket.isClosed,
    )
    await this.#enter(hello, admission)
  }

  async #enter(hello: Hello, admission: Admission): Promise<void> {
    switch (admission.kind) {
      case 'active':
        return this.#welcome(admission.device, hello)
      case 'pending':
        return this.#standBy(admission.device)
      case 'quarantined':
        if (admission.isNew) await this.#parts.services.cutOffs.apply([hello.deviceId])
        return this.#refuse('device-quarantined', quarantineText(admission.reason), CLOSE.quarantined)
      case 'removed':
        return this.#refuse('not-found', 'The device was removed by an administrator.', CLOSE.removed)
      default:
        return assertNever(admission)
    }
  }

  async #welcome(device: DeviceRecord, hello: Hello): Promise<void> {
    const { services, log } = this.#parts
    const organisation = await services.read.organisation(device.organisationId)
    const { recordingDays } = (await services.retention.of(device.organisationId)).effective
    const policy = await services.policies.of(device.organisationId)
    const orders = await services.organisationTrust.orders(device.organisationId)
    // Asked last, just before the socket counts: a device that is removed or quarantined meanwhile doesn't come in.
    const present = await services.read.device(device.id)
    if (!organisation || present?.status !== 'active' || this.#socket.isClosed)
      return this.#refuseStranger(hello.deviceId)
    this.#proven = { device, strikes: this.#strikesOf(device) }
    this.#hub.attach(device.id, this)
    const { keys: passKeys, handovers } = services.signer
    const unattended = policy.settings(present.groupId).unattended.value
    const said = { passKeys: [...passKeys], handovers: [...handovers], recordingDays, unattended }
    this.#socket.link.notify({ type: 'welcome', organisation, ...said })
    for (const order of orders) this.#socket.link.notify({ type: 'organisation.order', order })
    log.info({ deviceId: device.id }, 'A device is connected')
    await services.devices.arrived(device.id)
    await services.deviceSessions.handleConnected(device.id, hello.sessions)
    await services.runDispatch.deviceArrived(device.id, hello.runs)
  }

  async #standBy(device: DeviceRecord): Promise<void> {
    const present = await this.#parts.services.read.device(device.id)
    if (this.#socket.isClosed) return
    // Decided meanwhile: it comes again and hears what.
    if (present?.status !== 'pending') return this.close(CLOSE.approved, 'decided')
    this.#waitingId = device.id
    this.#hub.attachWaiting(device.id, this)
    this.#socket.link.notify({ type: 'standby' })
    this.#parts.services.devices.announce(device.id)
  }

  #refuse(code: ErrorCode, message: string, closeCode: number): never {
    // After the answer to its hello, which carries the words for whoever reads the agent's log.
    setImmediate(() => this.close(closeCode, code))
    throw new HandholdError(code, message)
  }

  /** Whether the device's key signed this connection's nonce; a removed device's too, so that it can be told. */
  async #verify({ deviceId, proof }: Hello): Promise<boolean> {
    const { read } = this.#parts.services
    const device = (await read.device(deviceId)) ?? (await read.enrolment.removedDevice(deviceId))
    if (!device) return false
    try {
      const claims = await verifyProof('device', proof, device.keyThumbprint)
      return claims.deviceId === deviceId && claims.nonce === this.#nonce
    } catch (thrown) {
      if (thrown instanceof HandholdError) return false
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
    if (this.#waitingId !== null) this.#hub.detach(this.#waitingId, this)
    const device = this.#proven?.device
    if (!device) return
    const wasPresent = this.#hub.detach(device.id, this)
    // Replaced by its newer connection.
    if (!wasPresent && this.#hub.isOnline(device.id)) return
    const { services, log } = this.#parts
    log.info({ deviceId: device.id }, 'A device is gone')
    const record = async () => {
      await services.devices.left(device.id)
      // The sessions of one that was cut off have ended with that.
      if (wasPresent) await services.deviceSessions.handleDisconnected(device.id)
    }
    this.#parts.sockets.settle(
      record().catch(error => log.error({ err: error, deviceId: device.id }, 'A disconnection could not be recorded')),
    )
  }
}

const helloAgain = () => new HandholdError('bad-request', 'The device has said hello already.')

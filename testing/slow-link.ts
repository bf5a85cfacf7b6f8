import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import type { Signal } from '#protocol/wire/signal.ts'

export interface LinkShape {
  readonly kbps: number
  /** Each way. */
  readonly delayMs: number
  /** What a router would hold back before it drops packets. */
  readonly queueBytes: number
  /** Whether the next packet is lost. Default: none is. */
  readonly loses?: () => boolean
  /** Longer ones never arrive, as on a path that fragments nothing. Default: any. */
  readonly packetMaxBytes?: number
}

interface Address {
  readonly address: string
  readonly port: number
}

const LOOPBACK = '127.0.0.1'
const UDP_HOST = /^(candidate:\S+ 1 udp \d+) (\d+\.\d+\.\d+\.\d+) (\d+) (typ host.*)$/i

/**
 * A slow link between two peers in user space, for machines whose kernel can't shape traffic: the one side gets the other's candidates rewritten to sockets
 * here, as a NAT would, and never the other way round, so that every packet passes. Packets queue, wait and are dropped as on a real link.
 */
export class SlowLink {
  readonly #shape: LinkShape
  readonly #sockets: Socket[] = []
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(shape: LinkShape) {
    this.#shape = shape
  }

  /** What the operator's side gets instead of the agent's signal; undefined for what it must not get. */
  async fromAgent(signal: Signal): Promise<Signal | undefined> {
    if (signal.kind !== 'candidate') return withoutCandidates(signal)
    const [, head, address, port, tail] = UDP_HOST.exec(signal.candidate) ?? []
    if (!head || !address || !port || !tail) return undefined
    const front = await this.#open({ address, port: Number(port) })
    return { ...signal, candidate: `${head} ${LOOPBACK} ${front} ${tail}` }
  }

  /** What the agent's side gets instead of the operator's signal: no candidates, it learns where packets come from. */
  fromOperator(signal: Signal): Signal | undefined {
    return signal.kind === 'candidate' ? undefined : withoutCandidates(signal)
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    for (const socket of this.#sockets) socket.close()
    this.#sockets.length = 0
  }

  /** Returns the port that stands for `agent` on the operator's side. */
  async #open(agent: Address): Promise<number> {
    const [front, back] = await Promise.all([bind(), bind()])
    this.#sockets.push(front, back)
    let operator: RemoteInfo | undefined
    const toAgent = this.#shaper(packet => back.send(packet, agent.port, agent.address))
    const toOperator = this.#shaper(packet => operator && front.send(packet, operator.port, operator.address))
    front.on('message', (packet, from) => {
      operator = from
      toAgent(packet)
    })
    back.on('message', packet => toOperator(packet))
    return front.address().port
  }

  #shaper(deliver: (packet: Buffer) => void): (packet: Buffer) => void {
    const bytesPerMs = this.#shape.kbps / 8
    let freeAtMs = 0
    const { loses = () => false, packetMaxBytes = Number.POSITIVE_INFINITY } = this.#shape
    return packet => {
      if (packet.length > packetMaxBytes || loses()) return
      const nowMs = performance.now()
      const waitingBytes = Math.max(0, freeAtMs - nowMs) * bytesPerMs
      if (waitingBytes > this.#shape.queueBytes) return
      freeAtMs = Math.max(freeAtMs, nowMs) + packet.length / bytesPerMs
      const timer = setTimeout(
        () => {
          this.#timers.delete(timer)
          if (this.#sockets.length > 0) deliver(packet)
        },
        freeAtMs + this.#shape.delayMs - nowMs,
      )
      this.#timers.add(timer)
    }
  }
}

/** A description made late brings the candidates that were found by then. */
const withoutCandidates = (signal: Exclude<Signal, { kind: 'candidate' }>): Signal =>
  signal.kind === 'transcript' || signal.kind === 'again'
    ? signal
    : { ...signal, sdp: signal.sdp.replace(/^a=candidate:.*\r\n/gm, '') }

function bind(): Promise<Socket> {
  const socket = createSocket('udp4')
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(0, LOOPBACK, () => resolve(socket))
  })
}

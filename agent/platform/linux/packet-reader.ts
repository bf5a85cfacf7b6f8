import type { XClient, XEvent } from 'x11'

/** Every error, every event but the generic ones and every reply's start are this long. */
const PACKET_BYTES = 32
const HEADER_BYTES = 8
const REPLY = 1
const GENERIC_EVENT = 35
/** The highest bit says that another client sent the event. */
const EVENT_CODES = 0x7f

/** In a DamageNotify. */
const DAMAGE_AT = 8

/**
 * Hands replies and news of damage, which come with each frame, to whoever waits for them, straight out of what was read from the socket. The package takes each
 * packet through two queued reads, copies of both and a walk over everything that is asked: a quarter of what a small change costs this process. What comes in
 * pieces, and all else, is left to the package.
 */
export class PacketReader {
  readonly #client: XClient
  #damageCode: number | undefined
  readonly #damaged = new Map<number, () => void>()
  /** The package calls back for requests without a reply when a later packet comes; up to this one it was asked to. */
  #sweptTo = 0

  /** Of a client that is connected. It reads as long as the client does. */
  constructor(client: XClient) {
    this.#client = client
    const { pack_stream } = client
    const leave = pack_stream.write.bind(pack_stream)
    pack_stream.write = chunk => this.#read(chunk, leave)
    // What came in pieces.
    client.on('event', ({ name, damage }: XEvent) => name === 'DamageNotify' && this.#damaged.get(Number(damage))?.())
  }

  /** Calls `listener` for each DamageNotify, which has this code, about `damage`. The package's listeners hear of hardly any of them. */
  onDamage(code: number, damage: number, listener: () => void): () => void {
    this.#damageCode = code
    this.#damaged.set(damage, listener)
    return () => this.#damaged.delete(damage)
  }

  #read(chunk: Buffer, leave: (bytes: Buffer) => void): void {
    let at = 0
    try {
      for (let end = this.#packetEnd(chunk, at); end > 0; end = this.#packetEnd(chunk, at)) {
        const start = at
        at = end
        if (!this.#handle(chunk, start, end)) leave(chunk.subarray(start, end))
      }
    } finally {
      if (at < chunk.length) leave(chunk.subarray(at))
    }
  }

  /** Where the packet ends that begins at `at`; 0 where that isn't known, or where it isn't all there. */
  #packetEnd(chunk: Buffer, at: number): number {
    if (chunk.length - at < PACKET_BYTES || !this.#isBetweenPackets) return 0
    const end = at + packetBytes(chunk, at)
    return end > chunk.length ? 0 : end
  }

  /** Whether the package waits for the start of a packet and has nothing of it. */
  get #isBetweenPackets(): boolean {
    const { _readQueue, _length } = this.#client.pack_stream
    const [next] = _readQueue
    return _length === 0 && _readQueue.length === 1 && next?.length === HEADER_BYTES && next.received === 0
  }

  /** Returns false for what is the package's. */
  #handle(packet: Buffer, at: number, end: number): boolean {
    const code = packet.readUInt8(at)
    if (code === REPLY) return this.#handleReply(packet, at, end)
    if ((code & EVENT_CODES) !== this.#damageCode) return false
    this.#noteSequence(packet, at)
    this.#damaged.get(packet.readUInt32LE(at + DAMAGE_AT))?.()
    return true
  }

  #handleReply(packet: Buffer, at: number, end: number): boolean {
    const client = this.#client
    const sequence = this.#noteSequence(packet, at)
    const [parse, answer, isOneOfSeveral] = client.replies[sequence] ?? []
    if (!parse || !answer || isOneOfSeveral || client.pending_atoms[sequence] !== undefined) return false
    delete client.replies[sequence]
    answer(null, parse.call(client, packet.subarray(at + HEADER_BYTES, end), packet.readUInt8(at + 1)) as never)
    return true
  }

  #noteSequence(packet: Buffer, at: number): number {
    const client = this.#client
    const sequence = client._widenSeq(packet.readUInt16LE(at + 2))
    if (client._last_void_seq > this.#sweptTo && sequence >= client._last_void_seq) {
      this.#sweptTo = sequence
      client._sweepVoid(sequence)
    }
    return sequence
  }
}

function packetBytes(packet: Buffer, at: number): number {
  const code = packet.readUInt8(at)
  const isLonger = code === REPLY || (code & EVENT_CODES) === GENERIC_EVENT
  return isLonger ? PACKET_BYTES + 4 * packet.readUInt32LE(at + 4) : PACKET_BYTES
}

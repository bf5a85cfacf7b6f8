import { HandholdError } from '#protocol/errors.ts'
import { OUTPUT } from '#protocol/tools/messages.ts'
import type { ToolLevel } from '#protocol/tools/tools.ts'
import { WATCH_FLUSH_MS, WATCH_PART_BYTES, WATCH_QUEUE_BYTES, WATCH_UNSEEN_MS } from '#protocol/tools/watch/limits.ts'
import { type ShownNote, sealShown } from '#protocol/tools/watch/shown.ts'
import type { Clock } from '../../links/clock.ts'
import { away, type Watcher } from './second-person.ts'

/** A piece of output, so that each fits in a part with what stands around it. */
const PIECE_BYTES = 8_000
const FRAME_BYTES = 4

export interface MirrorOptions {
  readonly sessionId: string
  readonly level: ToolLevel
  readonly clock: Clock
  readonly send: (sealed: string) => void
  /** What was there before somebody looked. */
  readonly past: () => readonly Uint8Array[]
}

/** Shows the second person what the operator's tool says, in its order, at a pace that leaves room, sealed for them alone. */
export class Mirror {
  readonly #options: MirrorOptions
  #watcher: Watcher | undefined
  #queue: Uint8Array[] = []
  #queuedBytes = 0
  #leftOutBytes = 0
  #sequence = 0
  /** When each part that isn't acknowledged was sent. */
  #unseen: { readonly sequence: number; readonly atMs: number }[] = []
  #cancelFlush: (() => void) | undefined
  #flushed: Promise<void> = Promise.resolve()

  constructor(options: MirrorOptions) {
    this.#options = options
  }

  /** Somebody looks, for the first time or again: they are shown everything from its past on. */
  setWatcher(watcher: Watcher | undefined): void {
    this.#watcher = watcher
    this.#queue = []
    this.#queuedBytes = 0
    this.#leftOutBytes = 0
    // What nobody looks at is waited for by nobody.
    this.#unseen = []
    this.note({ type: 'from-start' })
    for (const message of this.#options.past()) this.show(message)
  }

  /** What was done, for who can't see it in what a terminal prints. */
  note(note: ShownNote): void {
    this.show(json(note))
  }

  /** One message as the operator gets it. */
  show(message: Uint8Array): void {
    if (!this.#watcher) return
    for (const piece of pieces(message)) {
      this.#queue.push(piece)
      this.#queuedBytes += piece.length
    }
    while (this.#queuedBytes > WATCH_QUEUE_BYTES) this.#leaveOut()
    this.#cancelFlush ??= this.#options.clock.setTimer(() => this.#flush(), WATCH_FLUSH_MS)
  }

  seen(sequence: number): void {
    this.#unseen = this.#unseen.filter(part => part.sequence > sequence)
  }

  /** Throws `second-person-away` while what was shown doesn't reach them. */
  requireSeen(): void {
    const [oldest] = this.#unseen
    if (oldest && this.#options.clock.monotonicMs() - oldest.atMs > WATCH_UNSEEN_MS) throw away()
  }

  close(): void {
    this.#cancelFlush?.()
    this.#watcher = undefined
  }

  /** The oldest output goes: what a program writes without end says nothing, what is done is never left out. */
  #leaveOut(): void {
    const index = this.#queue.findIndex(message => message[0] === OUTPUT)
    const [piece] = this.#queue.splice(Math.max(0, index), 1)
    this.#queuedBytes -= piece?.length ?? 0
    this.#leftOutBytes += piece?.length ?? 0
  }

  #flush(): void {
    this.#cancelFlush = undefined
    const watcher = this.#watcher
    if (!watcher) return
    const messages = this.#nextPart()
    if (messages.length === 0) return
    const { sessionId, level, clock, send } = this.#options
    const part = { level, sequence: ++this.#sequence, messages }
    this.#unseen.push({ sequence: part.sequence, atMs: clock.monotonicMs() })
    // One after the other: sealing takes turns of its own.
    this.#flushed = this.#flushed
      .then(() => sealShown(watcher.sealKey, sessionId, part))
      .then(send)
      .catch(cause => {
        throw new HandholdError('internal', 'What a second person is shown could not be sealed.', { cause })
      })
    if (this.#queue.length > 0) this.#cancelFlush = clock.setTimer(() => this.#flush(), WATCH_FLUSH_MS)
  }

  #nextPart(): Uint8Array[] {
    const messages: Uint8Array[] = []
    let bytes = 0
    const add = (message: Uint8Array) => {
      messages.push(message)
      bytes += message.length + FRAME_BYTES
    }
    if (this.#leftOutBytes > 0) add(json({ type: 'left-out', bytes: this.#leftOutBytes }))
    this.#leftOutBytes = 0
    for (;;) {
      const [next] = this.#queue
      if (!next || bytes + next.length + FRAME_BYTES > WATCH_PART_BYTES) return messages
      this.#queue.shift()
      this.#queuedBytes -= next.length
      add(next)
    }
  }
}

const json = (value: object): Uint8Array => Buffer.from(JSON.stringify(value))

function* pieces(message: Uint8Array): Generator<Uint8Array> {
  if (message.length <= PIECE_BYTES) return yield message
  if (message[0] !== OUTPUT) return
  for (let start = 2; start < message.length; start += PIECE_BYTES) {
    const body = message.subarray(start, start + PIECE_BYTES)
    const piece = new Uint8Array(2 + body.length)
    piece.set(message.subarray(0, 2))
    piece.set(body, 2)
    yield piece
  }
}

import { TILES_ACK_AFTER_BYTES } from '#protocol/limits.ts'

/**
 * Frames wait on a link no longer than this: more makes what the operator sees old, less leaves the link idle between two frames. With the time that a frame
 * itself takes, and half of the shortest round trip, 150 ms are what a picture is old.
 */
const TARGET_QUEUE_MS = 80

/** Before anything is known of a link. On one of 1 Mbit/s this is half a second. */
const WINDOW_START_BYTES = 64 * 1024
const WINDOW_MIN_BYTES = 12 * 1024
/** The most that tiles may take for long, 20 Mbit/s, at a round trip of an eighth of a second. More than a slow viewer has only stands before it. */
const WINDOW_MAX_BYTES = 512 * 1024

/** What should be acknowledged and isn't, this long after the shortest round trip: link or viewer have become slower, and nothing is added to what they have. */
const LATE_MS = 2 * TARGET_QUEUE_MS

/** A rate that was measured longer ago says little about the link of now; and one of more than a second ago nothing of how fast the viewer is on a busy machine. */
const RATE_MEMORY_MS = 4_000
const WINDOW_MEMORY_MS = 1_000
const ROUND_TRIP_MIN_MS = 5

interface SentFrame {
  readonly sequence: number
  readonly bytes: number
  readonly sentAtMs: number
  readonly deliveredBytes: number
  /** Whether the link had more room than there was to send: the rate then says nothing about the link. */
  readonly isLimitedBySource: boolean
  /** It was sent for what is before it to arrive, and says nothing of the link. */
  readonly isProbe: boolean
}

interface RateSample {
  readonly atMs: number
  readonly bytesPerMs: number
}

/**
 * How much may be on its way, after the acknowledgements of what is drawn: the measured rate times the shortest round trip, and a queue of at most the target.
 * The idea is BBR's (Cardwell et al., 2016): rate and round trip are measured apart, and a full queue is never waited for. Times are monotonic milliseconds.
 */
export class Flow {
  readonly #sent: SentFrame[] = []
  /** Oldest first, each lower than the one before. */
  #rates: RateSample[] = []
  #deliveredBytes = 0
  #inFlightBytes = 0
  #shortestMs = Number.POSITIVE_INFINITY
  #windowBytes = WINDOW_START_BYTES

  /** What may be sent now; 0 while the window is full, and while what is on its way is late. Only an acknowledgement makes it more. */
  budgetBytes(nowMs: number): number {
    return this.#isLate(nowMs) ? 0 : Math.max(0, this.#windowBytes - this.#inFlightBytes)
  }

  get windowBytes(): number {
    return this.#windowBytes
  }

  #measureWindow(): number {
    const newest = this.#rates.at(-1)
    if (!newest) return WINDOW_START_BYTES
    const rate = this.#rates.find(({ atMs }) => newest.atMs - atMs < WINDOW_MEMORY_MS)?.bytesPerMs ?? newest.bytesPerMs
    const roundTripMs = Math.max(this.#shortestMs, ROUND_TRIP_MIN_MS)
    const window = rate * (roundTripMs + TARGET_QUEUE_MS)
    return Math.round(Math.min(WINDOW_MAX_BYTES, Math.max(WINDOW_MIN_BYTES, window)))
  }

  /** The best rate of late; undefined while the link was never full. */
  get bytesPerMs(): number | undefined {
    return this.#rates[0]?.bytesPerMs
  }

  /** How long the oldest frame on its way has been there. */
  oldestAgeMs(nowMs: number): number {
    return this.#sent[0] ? nowMs - this.#sent[0].sentAtMs : 0
  }

  handleSent(sequence: number, bytes: number, nowMs: number): void {
    const isLimitedBySource = this.#inFlightBytes + bytes < this.#windowBytes / 2
    this.#push({ sequence, bytes, sentAtMs: nowMs, isLimitedBySource, isProbe: false })
    this.#inFlightBytes += bytes
  }

  /** A frame without content, for what was sent before to be noticed as lost. */
  handleProbeSent(sequence: number, nowMs: number): void {
    this.#push({ sequence, bytes: 0, sentAtMs: nowMs, isLimitedBySource: true, isProbe: true })
  }

  /** Whether something is on its way that is acknowledged as soon as it is drawn. */
  get isAwaited(): boolean {
    return this.#due() !== undefined
  }

  /** From sent to acknowledged at best; undefined before the first acknowledgement. */
  get shortestMs(): number | undefined {
    return Number.isFinite(this.#shortestMs) ? this.#shortestMs : undefined
  }

  /** Everything up to `sequence` is drawn. Returns false for a number that isn't on its way. */
  handleAck(sequence: number, nowMs: number): boolean {
    const index = this.#sent.findIndex(frame => frame.sequence === sequence)
    if (index < 0) return false
    const acknowledged = this.#sent.splice(0, index + 1)
    const newest = acknowledged.findLast(({ isProbe }) => !isProbe)
    if (!newest) return true
    const bytes = acknowledged.reduce((sum, frame) => sum + frame.bytes, 0)
    this.#inFlightBytes -= bytes
    this.#deliveredBytes += bytes
    const elapsedMs = Math.max(nowMs - newest.sentAtMs, 1)
    this.#shortestMs = Math.min(this.#shortestMs, elapsedMs)
    // So much is acknowledged as soon as it is drawn: if it took long it waited, and not for the source.
    const hasWaited = bytes >= TILES_ACK_AFTER_BYTES && elapsedMs > this.#shortestMs + TARGET_QUEUE_MS
    const bytesPerMs = (this.#deliveredBytes - newest.deliveredBytes) / elapsedMs
    this.#addRate({ atMs: nowMs, bytesPerMs }, newest.isLimitedBySource && !hasWaited)
    this.#windowBytes = this.#measureWindow()
    return true
  }

  #isLate(nowMs: number): boolean {
    const due = this.#due()
    return due !== undefined && nowMs - due.sentAtMs > this.#shortestMs + LATE_MS
  }

  /** The oldest that is acknowledged as soon as it is drawn. Little isn't, so its age says nothing. */
  #due(): SentFrame | undefined {
    if (this.#inFlightBytes < TILES_ACK_AFTER_BYTES) return undefined
    let bytes = 0
    return this.#sent.find(frame => {
      bytes += frame.bytes
      return bytes >= TILES_ACK_AFTER_BYTES
    })
  }

  #push(frame: Omit<SentFrame, 'deliveredBytes'>): void {
    this.#sent.push({ ...frame, deliveredBytes: this.#deliveredBytes })
  }

  #addRate(sample: RateSample, isLimitedBySource: boolean): void {
    // What the source limited can only show that the link is better than was thought.
    if (isLimitedBySource && sample.bytesPerMs <= (this.bytesPerMs ?? Number.POSITIVE_INFINITY)) return
    const recent = this.#rates.filter(rate => sample.atMs - rate.atMs < RATE_MEMORY_MS)
    this.#rates = [...recent.filter(rate => rate.bytesPerMs > sample.bytesPerMs), sample]
  }
}

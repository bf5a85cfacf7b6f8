/** So many at once, and so many a second on average. Time comes in with every question. */
export class TokenBucket {
  readonly #perSecond: number
  readonly #burst: number
  #tokens: number
  #atMs: number

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
    this.#atMs = nowMs
  }

  /** Takes one, or `count`, and returns what is left; a negative rest is a debt that only time pays. */
  take(nowMs: number, count = 1): number {
    this.#refill(nowMs)
    this.#tokens -= count
    return this.#tokens
  }

  /** Whether nothing was taken for long enough that everything is there again. */
  isFull(nowMs: number): boolean {
    this.#refill(nowMs)
    return this.#tokens >= this.#burst
  }

  /** Milliseconds until `tokens` are there; 0 when they are. */
  waitMs(tokens: number, nowMs: number): number {
    this.#refill(nowMs)
    return Math.max(0, Math.ceil(((tokens - this.#tokens) / this.#perSecond) * 1000))
  }

  #refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#atMs)
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsedMs / 1000) * this.#perSecond)
    this.#atMs = nowMs
  }
}

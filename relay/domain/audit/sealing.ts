import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store.ts'
import { type AuditHead, type AuditTombstone, markOf, ROWS_PER_HEAD } from './statements.ts'
import type { ChainEnd } from './store.ts'

/** The audit's key. Its private half never leaves the implementation, which keeps it outside the database. */
export interface AuditSigner {
  signHead(head: AuditHead): Promise<string>
  signTombstone(stone: AuditTombstone): Promise<string>
}

/** A chain that got rows is sealed after this time, or after 1,000 rows. */
const SEAL_AFTER_MS = 60_000
const LOOK_EVERY_MS = 5_000

export interface SealingParts {
  readonly store: Store
  readonly clock: Clock
  readonly signer: AuditSigner
  readonly log: Log
  /** There are new heads. */
  readonly onSealed: () => void
}

/** Signs what the chains end with, again and again, so that whoever changes a row later has to change what is elsewhere too. */
export class AuditSealing {
  readonly #parts: SealingParts
  #cancelTimer: () => void = () => undefined
  #sealedAtMs: number
  #sealedSequence = 0
  #working: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(parts: SealingParts) {
    this.#parts = parts
    this.#sealedAtMs = parts.clock.nowMs()
  }

  /** Seals what an earlier run left, and goes on from there. */
  async start(): Promise<void> {
    await this.seal()
    this.#wait()
  }

  /** Seals every chain that has new rows. */
  seal(): Promise<void> {
    const sealed = this.#working.then(() => this.#sealAll())
    this.#working = sealed.catch(() => undefined)
    return sealed
  }

  /** Seals what is there and signs no more. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelTimer()
    await this.seal().catch(error => this.#parts.log.error({ err: error }, 'The audit could not be sealed'))
  }

  /** Armed again only when the look is over, so that a clock that jumps looks once and makes one head, not one for each minute that it left out. */
  #wait(): void {
    if (this.#isClosed) return
    this.#cancelTimer = this.#parts.clock.setTimer(() => void this.#look().finally(() => this.#wait()), LOOK_EVERY_MS)
  }

  async #look(): Promise<void> {
    const { store, clock, log } = this.#parts
    try {
      const rows = (await store.read.chain.lastSequence()) - this.#sealedSequence
      const elapsedMs = clock.nowMs() - this.#sealedAtMs
      // A clock that was set back would put the next head off by as much.
      const isDue = rows >= ROWS_PER_HEAD || elapsedMs >= SEAL_AFTER_MS || elapsedMs < 0
      if (rows > 0 && isDue) await this.seal()
    } catch (error) {
      log.error({ err: error }, 'The audit could not be sealed')
    }
  }

  async #sealAll(): Promise<void> {
    const { store, clock, onSealed } = this.#parts
    const sequence = await store.read.chain.lastSequence()
    if (sequence === this.#sealedSequence) return
    for (const end of await store.read.chain.chainEnds()) await this.#sealChain(end)
    this.#sealedSequence = sequence
    this.#sealedAtMs = clock.nowMs()
    onSealed()
  }

  async #sealChain({ chain, position: end }: ChainEnd): Promise<void> {
    const { store, clock, signer } = this.#parts
    let after = await store.read.chain.sealedTo(chain)
    while (after < end) {
      const position = Math.min(after + ROWS_PER_HEAD, end)
      const hashes = await store.read.chain.hashes(chain, after, position)
      const hash = hashes.at(-1) ?? ''
      const marks = hashes.map(markOf).join('')
      const statement = await signer.signHead({ version: 1, chain, after, position, hash, marks, atMs: clock.nowMs() })
      await store.write(tx => tx.chain.insertHead({ chain, position, statement }))
      after = position
    }
  }
}

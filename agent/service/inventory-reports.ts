import type { AgentToRelay } from '#protocol/wire/agent.ts'
import type { DeviceInventory } from '#protocol/wire/inventory.ts'
import type { Clock } from '../links/clock.ts'
import type { Logger } from './log.ts'

/** How often the machine is looked at. The relay takes one report each half minute. */
const LOOK_INTERVAL_MS = 10 * 60_000

export interface InventoryReportsOptions {
  readonly read: () => Promise<DeviceInventory>
  /** False when the relay isn't there to take it. */
  readonly send: (message: AgentToRelay) => boolean
  readonly clock: Clock
  readonly log: Logger
}

/** Tells the relay what this machine is made of: once for each connection, and when it has changed. */
export class InventoryReports {
  readonly #options: InventoryReportsOptions
  #told = ''
  #cancelTimer: (() => void) | undefined
  #isStopped = false

  constructor(options: InventoryReportsOptions) {
    this.#options = options
  }

  /** The relay is connected; it may have been another one before. */
  handleWelcome(): void {
    this.#told = ''
    void this.#look()
  }

  /** Idempotent. */
  stop(): void {
    this.#isStopped = true
    this.#cancelTimer?.()
  }

  async #look(): Promise<void> {
    this.#cancelTimer?.()
    try {
      const inventory = await this.#options.read()
      const text = JSON.stringify(inventory)
      if (!this.#isStopped && text !== this.#told && this.#options.send({ type: 'device.inventory', inventory }))
        this.#told = text
    } catch (thrown) {
      this.#options.log.warn({ problem: String(thrown) }, 'what this machine is made of could not be read')
    }
    if (this.#isStopped) return
    this.#cancelTimer?.()
    this.#cancelTimer = this.#options.clock.setTimer(() => void this.#look(), LOOK_INTERVAL_MS)
  }
}

import { z } from 'zod'
import type { Clock } from '../../links/clock.ts'
import type { BootClock } from './boot-clock.ts'

/** A moment, written so that its age can be told after a restart of the agent or of the machine. */
export const stampSchema = z.object({
  bootId: z.string().max(64).nullable(),
  sinceBootMs: z.number().int(),
  wallMs: z.number().int(),
})
export type Stamp = z.infer<typeof stampSchema>

/** How old a stamp is. It may be older than either answer only where a clock was set while the machine was off. */
export interface Age {
  /** For what must not go on too long. Infinite where it can't be told: a doubt ends it. */
  readonly atMostMs: number
  /** For what must not be forgotten too soon. Zero where it can't be told: a doubt remembers it. */
  readonly atLeastMs: number
}

export class Stamps {
  readonly #clock: Clock
  readonly #boot: BootClock

  constructor(clock: Clock, boot: BootClock) {
    this.#clock = clock
    this.#boot = boot
  }

  now(): Stamp {
    return { bootId: this.#boot.bootId, sinceBootMs: this.#boot.sinceBootMs(), wallMs: this.#clock.wallMs() }
  }

  /** Within one start of the machine by the clock that can't be set; across two by the wall clock, which can. */
  ageOf(stamp: Stamp): Age {
    const isSameBoot = stamp.bootId === this.#boot.bootId
    const elapsedMs = isSameBoot ? this.#boot.sinceBootMs() - stamp.sinceBootMs : this.#clock.wallMs() - stamp.wallMs
    // A time that went backwards says nothing: a clock was set, or the file is from elsewhere.
    return elapsedMs < 0
      ? { atMostMs: Number.POSITIVE_INFINITY, atLeastMs: 0 }
      : { atMostMs: elapsedMs, atLeastMs: elapsedMs }
  }
}

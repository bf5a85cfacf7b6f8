import { HandholdError } from '#protocol/errors.ts'
import { OTP_TRIES, OTP_TRIES_PER_DAY, OTP_TRIES_WINDOW_MS } from '#protocol/limits.ts'
import type { Stamp, Stamps } from './stamp.ts'
import type { StateFile } from './state.ts'

const DAY_MS = 24 * 60 * 60_000

export interface TriesOptions {
  readonly file: StateFile
  readonly stamps: Stamps
  /** Unattended access has just been switched off. */
  readonly onOff: (wrongTries: number) => void
}

/** Wrong passwords of this device, whoever tried them and for whichever session: a new password gives nobody new tries. */
export class Tries {
  readonly #options: TriesOptions

  constructor(options: TriesOptions) {
    this.#options = options
  }

  get isOff(): boolean {
    return this.#options.file.now.isOff
  }

  get wrongToday(): number {
    return this.#within(DAY_MS).length
  }

  /** Whether the password that is tried now is burnt. */
  get isSpent(): boolean {
    return this.isOff || this.#within(OTP_TRIES_WINDOW_MS).length >= OTP_TRIES
  }

  /** Throws `unattended-off` or `unattended-locked` where no password may be issued. */
  requireOpen(): void {
    if (this.isOff)
      throw new HandholdError(
        'unattended-off',
        'Too many wrong passwords: unattended access to this device is off until an administrator allows it again.',
      )
    if (this.isSpent)
      throw new HandholdError('unattended-locked', 'Too many wrong passwords. Ask again in a quarter of an hour.')
  }

  /** Counts at once; durable when it resolves, and nobody hears of it before. */
  async countWrong(): Promise<void> {
    const { file, stamps, onOff } = this.#options
    const wrongTries = [...this.#within(DAY_MS), stamps.now()].slice(-OTP_TRIES_PER_DAY)
    const isNowOff = !file.now.isOff && wrongTries.length >= OTP_TRIES_PER_DAY
    await file.change({ wrongTries, isOff: file.now.isOff || isNowOff })
    if (isNowOff) onOff(wrongTries.length)
  }

  /** An administrator's word; the day's tries begin anew. */
  async allow(): Promise<void> {
    await this.#options.file.change({ isOff: false, wrongTries: [] })
  }

  #within(spanMs: number): Stamp[] {
    const { file, stamps } = this.#options
    return file.now.wrongTries.filter(stamp => stamps.ageOf(stamp).atLeastMs < spanMs)
  }
}

import type { Clock } from '../links/clock.ts'
import {
  type Desktop,
  type DesktopOptions,
  type Platform,
  PlatformError,
  type PlatformErrorCode,
} from '../platform/platform.ts'

const REOPEN_BASE_MS = 500
const REOPEN_CAP_MS = 5_000

export interface DesktopHolderOptions {
  readonly platform: Platform
  readonly options: DesktopOptions
  readonly clock: Clock
  readonly onOpened: (desktop: Desktop) => void
  /** `message` is for people: why there is no screen and what to do. Called again when the reason changes. */
  readonly onUnavailable: (message: string, code: PlatformErrorCode | undefined) => void
}

/** Keeps one desktop open: opens it, notices its loss, opens it again until `close`. */
export class DesktopHolder {
  readonly #options: DesktopHolderOptions
  #desktop: Desktop | undefined
  #cancelReopen: (() => void) | undefined
  #isClosed = false

  constructor(options: DesktopHolderOptions) {
    this.#options = options
  }

  /** Resolves after the first try, whether it worked or not; never rejects. */
  open(): Promise<void> {
    return this.#tryOpen(0)
  }

  /** Idempotent; releases held input. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelReopen?.()
    const desktop = this.#desktop
    this.#desktop = undefined
    await desktop?.close()
  }

  async #tryOpen(failedTries: number): Promise<void> {
    const { platform, options } = this.#options
    try {
      const desktop = await platform.openDesktop(options)
      if (this.#isClosed) return await desktop.close()
      this.#desktop = desktop
      void desktop.lost.then(error => this.#handleLost(desktop, error))
      this.#options.onOpened(desktop)
    } catch (thrown) {
      this.#unavailable(thrown, failedTries + 1)
    }
  }

  #handleLost(desktop: Desktop, error: PlatformError): void {
    if (this.#isClosed || this.#desktop !== desktop) return
    this.#desktop = undefined
    void desktop.close().catch(() => undefined)
    this.#unavailable(error, 1)
  }

  #unavailable(thrown: unknown, failedTries: number): void {
    if (this.#isClosed) return
    const { message, code } =
      thrown instanceof PlatformError
        ? thrown
        : { message: 'The screen of this computer can’t be shown right now.', code: undefined }
    this.#options.onUnavailable(message, code)
    const delayMs = Math.min(REOPEN_CAP_MS, REOPEN_BASE_MS * 2 ** Math.min(failedTries, 8))
    this.#cancelReopen = this.#options.clock.setTimer(() => void this.#tryOpen(failedTries), delayMs)
  }
}

import type { Kiosk } from '#protocol/consent.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { ConsentWindow, ConsentWindowOptions } from '../../consent/consent-window.ts'
import type { Clock } from '../../links/clock.ts'

/** A window that can't be read in this time shows nothing at all. */
const SHOWN_WITHIN_MS = 10_000

/** A device is its own again this soon, whatever its window does. */
const GONE_WITHIN_MS = 800

/** What a device where nobody is asked shows on its own screen. */
export interface KioskScreen {
  /** Resolves when it can be read, rejects where nothing can be shown. `onLost` is called once if it goes away by itself later. */
  show(request: SessionRequest, kiosk: Kiosk, onLost: (why: string) => void): Promise<void>
  /** Resolves when nothing is shown any more. Idempotent; something may be shown again afterwards. */
  clear(): Promise<void>
}

export interface KioskWindowOptions {
  readonly openWindow: (handlers: Pick<ConsentWindowOptions, 'onMessage' | 'onGone' | 'onLine'>) => ConsentWindow
  readonly clock: Clock
  readonly onLine: (line: string) => void
}

interface Open {
  readonly window: ConsentWindow
  readonly shown: PromiseWithResolvers<void>
  isClearing: boolean
}

/** The person's window as the kiosk's face: over everything, with nothing to press. It ends with the service, whatever ends that. */
export class KioskWindow implements KioskScreen {
  readonly #options: KioskWindowOptions
  #open: Open | undefined
  #onLost: (why: string) => void = () => undefined

  constructor(options: KioskWindowOptions) {
    this.#options = options
  }

  async show(request: SessionRequest, kiosk: Kiosk, onLost: (why: string) => void): Promise<void> {
    this.#onLost = onLost
    const open = this.#open ?? this.#openNew()
    open.window.send({ type: 'kiosk', request, kiosk })
    await open.shown.promise
  }

  async clear(): Promise<void> {
    const open = this.#open
    if (!open) return
    open.isClearing = true
    // Asked first, so that its browser takes its profile along.
    open.window.send({ type: 'over', reason: 'expired' })
    const cancelKill = this.#options.clock.setTimer(() => open.window.kill(), GONE_WITHIN_MS)
    await open.window.gone
    cancelKill()
  }

  #openNew(): Open {
    const { openWindow, clock, onLine } = this.#options
    const shown = Promise.withResolvers<void>()
    // Whoever waits hears of it; nobody may.
    shown.promise.catch(() => undefined)
    const fail = (why: string) => shown.reject(new Error(why))
    const cancel = clock.setTimer(() => {
      fail('the device’s own screen was not painted in time')
      open.window.kill()
    }, SHOWN_WITHIN_MS)
    const window = openWindow({
      onMessage: message => {
        if (message.type === 'shown') {
          cancel()
          shown.resolve()
        } else if (message.type === 'failed')
          fail(`this device can’t show anything on its own screen: ${message.message}`)
      },
      onGone: why => {
        cancel()
        this.#open = undefined
        fail(`the window went away: ${why}`)
        if (!open.isClearing) this.#onLost(why)
      },
      onLine,
    })
    const open: Open = { window, shown, isClearing: false }
    this.#open = open
    return open
  }
}

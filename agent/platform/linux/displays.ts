import { ALL_DISPLAYS } from '#protocol/peer/control.ts'
import { allDisplays, type Display, type Rect } from '../platform.ts'
import type { XConnection } from './connection.ts'
import type { Extensions } from './extensions.ts'
import { readMonitors } from './monitors.ts'

const SCREEN_CRTC_AND_OUTPUT_CHANGES = 0b111
const NOTIFY = 'RRNotify'
/** What tells that a monitor was set or deleted: the root window's configuration, of which RANDR's own events say nothing. */
const STRUCTURE_NOTIFY = 1 << 17

/** A server without RANDR, or one with no lit monitor, still has its root window. */
const WHOLE_SCREEN_NAME = 'screen'

/** The lit monitors of one X screen, kept current by RANDR events. */
export class Displays {
  #current: readonly Display[] = []
  #desktop: Rect = { x: 0, y: 0, width: 1, height: 1 }
  #refreshing: Promise<void> | undefined
  #isStale = false
  readonly #connection: XConnection
  readonly #randr: Extensions['randr'] | undefined
  readonly #listeners = new Set<(displays: readonly Display[]) => void>()

  constructor(connection: XConnection, randr: Extensions['randr'] | undefined) {
    this.#connection = connection
    this.#randr = randr
  }

  static async open(connection: XConnection): Promise<Displays> {
    const randr = await connection.extension('randr').catch(() => undefined)
    const displays = new Displays(connection, randr)
    if (randr) displays.#watch(randr)
    await displays.refresh()
    return displays
  }

  get current(): readonly Display[] {
    return this.#current
  }

  /** The whole coordinate space, origin 0, 0. */
  get desktop(): Rect {
    return this.#desktop
  }

  /** One of the lit monitors, or all of them as one. */
  find(id: string): Display | undefined {
    if (id === ALL_DISPLAYS) return allDisplays(this.#current)
    return this.#current.find(display => display.id === id)
  }

  onChanged(listener: (displays: readonly Display[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Asks the server again. A call during a running one makes that one start over, so the answer is never older than the call. */
  refresh(): Promise<void> {
    this.#isStale = true
    this.#refreshing ??= this.#refreshUntilCurrent().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #refreshUntilCurrent(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false
      const desktop = await this.#readDesktop()
      const lit = this.#randr
        ? await readMonitors(this.#connection, this.#randr, desktop).catch(error => this.#giveUp(error))
        : []
      if (this.#isStale) continue
      this.#apply(desktop, lit.length > 0 ? lit : [wholeScreen(desktop)])
    }
  }

  // A monitor that disappears between two questions is a normal race; the event that told of it asks again.
  #giveUp(error: unknown): Display[] {
    this.#connection.report(error)
    return []
  }

  #apply(desktop: Rect, displays: readonly Display[]): void {
    const isSame = JSON.stringify([this.#desktop, this.#current]) === JSON.stringify([desktop, displays])
    this.#desktop = desktop
    this.#current = displays
    if (isSame) return
    for (const listener of [...this.#listeners]) listener(displays)
  }

  #watch(randr: Extensions['randr']): void {
    const { client, screen } = this.#connection
    // The package knows only the oldest RANDR event; this one reports CRTCs and outputs.
    client.eventParsers[randr.firstEvent + 1] = (type, seq) => ({ name: NOTIFY, type, seq })
    const refresh = () => void this.refresh().catch(() => undefined)
    this.#connection.onEvent('RRScreenChangeNotify', refresh)
    this.#connection.onEvent(NOTIFY, refresh)
    this.#connection.onEvent('ConfigureNotify', refresh)
    this.#connection.tell(() => {
      randr.SelectInput(screen.root, SCREEN_CRTC_AND_OUTPUT_CHANGES)
      client.ChangeWindowAttributes(screen.root, { eventMask: STRUCTURE_NOTIFY })
    })
  }

  async #readDesktop(): Promise<Rect> {
    const { client, screen } = this.#connection
    const { width, height } = await this.#connection.ask<Rect>(answer =>
      client.GetGeometry(screen.root, answer as never),
    )
    return { x: 0, y: 0, width, height }
  }
}

function wholeScreen(desktop: Rect): Display {
  return { id: WHOLE_SCREEN_NAME, name: WHOLE_SCREEN_NAME, bounds: desktop, isPrimary: true }
}

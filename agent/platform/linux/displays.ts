import type { Display, Rect } from '../platform.ts'
import type { XConnection } from './connection.ts'
import type { Extensions } from './extensions.ts'

const SCREEN_CRTC_AND_OUTPUT_CHANGES = 0b111
const NOTIFY = 'RRNotify'

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

  find(id: string): Display | undefined {
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
      const lit = this.#randr ? await this.#readMonitors(this.#randr, desktop).catch(error => this.#giveUp(error)) : []
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
    this.#connection.tell(() => randr.SelectInput(screen.root, SCREEN_CRTC_AND_OUTPUT_CHANGES))
  }

  async #readDesktop(): Promise<Rect> {
    const { client, screen } = this.#connection
    const { width, height } = await this.#connection.ask<Rect>(answer =>
      client.GetGeometry(screen.root, answer as never),
    )
    return { x: 0, y: 0, width, height }
  }

  async #readMonitors(randr: Extensions['randr'], desktop: Rect): Promise<Display[]> {
    const { ask, root } = { ask: this.#connection.ask.bind(this.#connection), root: this.#connection.screen.root }
    const resources = await ask<{ crtcs: number[]; config_timestamp: number }>(answer =>
      randr.GetScreenResourcesCurrent(root, answer),
    )
    const primary = await ask<number>(answer => randr.GetOutputPrimary(root, answer))
    const monitors: { output: number; name: string; bounds: Rect }[] = []
    for (const crtc of resources.crtcs) {
      const info = await ask<Rect & { mode: number; output: number[] }>(answer =>
        randr.GetCrtcInfo(crtc, resources.config_timestamp, answer),
      )
      const output = info.output.includes(primary) ? primary : info.output[0]
      const bounds = intersect(info, desktop)
      if (info.mode === 0 || output === undefined || !bounds) continue
      const { name } = await ask<{ name: string }>(answer =>
        randr.GetOutputInfo(output, resources.config_timestamp, answer),
      )
      monitors.push({ output, name, bounds })
    }
    const primaryIndex = Math.max(
      monitors.findIndex(monitor => monitor.output === primary),
      0,
    )
    return monitors.map(({ name, bounds }, index) => ({ id: name, name, bounds, isPrimary: index === primaryIndex }))
  }
}

function wholeScreen(desktop: Rect): Display {
  return { id: WHOLE_SCREEN_NAME, name: WHOLE_SCREEN_NAME, bounds: desktop, isPrimary: true }
}

function intersect(a: Rect, b: Rect): Rect | undefined {
  const x = Math.max(a.x, b.x)
  const y = Math.max(a.y, b.y)
  const width = Math.min(a.x + a.width, b.x + b.width) - x
  const height = Math.min(a.y + a.height, b.y + b.height) - y
  return width > 0 && height > 0 ? { x, y, width, height } : undefined
}

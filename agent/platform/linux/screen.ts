import { type CaptureOptions, PlatformError, type ScreenFrame, type ScreenSource } from '../platform.ts'
import { Capture } from './capture.ts'
import type { XConnection } from './connection.ts'
import type { Displays } from './displays.ts'
import type { PixelSource } from './pixel-source.ts'

/** The screen through DAMAGE and, where the server is local, MIT-SHM. */
export class X11Screen implements ScreenSource {
  readonly #connection: XConnection
  readonly #displays: Displays
  readonly #openSource: () => PixelSource | Promise<PixelSource>
  readonly #useSharedMemory: boolean
  readonly #running = new Set<AbortController>()

  constructor(
    connection: XConnection,
    displays: Displays,
    openSource: () => PixelSource | Promise<PixelSource>,
    useSharedMemory: boolean,
  ) {
    this.#connection = connection
    this.#displays = displays
    this.#openSource = openSource
    this.#useSharedMemory = useSharedMemory
  }

  async capture(options: CaptureOptions, onFrame: (frame: ScreenFrame) => void | Promise<void>): Promise<void> {
    if (options.signal.aborted) return
    const display = this.#displays.find(options.displayId)
    if (!display) throw unknownDisplay(options.displayId, this.#displays)
    const stopper = new AbortController()
    this.#running.add(stopper)
    try {
      await new Capture({
        connection: this.#connection,
        displays: this.#displays,
        source: await this.#openSource(),
        display,
        useSharedMemory: this.#useSharedMemory,
        maxFramesPerSecond: options.maxFramesPerSecond,
        signal: AbortSignal.any([options.signal, stopper.signal]),
        onFrame,
      }).run()
    } finally {
      this.#running.delete(stopper)
    }
  }

  /** Ends all captures as if their signals had aborted. */
  stop(): void {
    for (const stopper of this.#running) stopper.abort()
  }
}

function unknownDisplay(id: string, displays: Displays): PlatformError {
  const names = displays.current.map(display => display.id).join(', ')
  return new PlatformError('display-unknown', `There is no display ${id} on this desktop. It has: ${names}.`)
}

import type { Desktop, DesktopOptions, Display, PlatformError } from '../platform.ts'
import { type Reporter, XConnection } from './connection.ts'
import { X11Cursor } from './cursor.ts'
import { Displays } from './displays.ts'
import { X11Input } from './input.ts'
import { blockLocalInput } from './local-input.ts'
import { wholeScreen } from './pixel-source.ts'
import { isPoweredDown } from './power.ts'
import { X11Screen } from './screen.ts'
import { UncoveredScreen } from './uncovered.ts'

export interface X11DesktopOptions extends Pick<DesktopOptions, 'isCovered' | 'blocksLocalInput'> {
  /** An X display name such as `:0`. */
  readonly address: string
  readonly report: Reporter
  /** Off: pictures travel through the socket, as with a server on another machine. Default on. */
  readonly useSharedMemory?: boolean
}

/** @throws PlatformError `display-unreachable`, `display-denied`, `extension-missing` or `unsupported` */
export async function openX11Desktop(options: X11DesktopOptions): Promise<Desktop> {
  const connection = await XConnection.open(options.address, options.report)
  try {
    const [xtest] = await Promise.all([
      connection.extension('xtest'),
      connection.extension('damage'),
      connection.extension('fixes'),
    ])
    const useSharedMemory = options.useSharedMemory ?? true
    // Ready when the first picture needs it. What fails here fails there.
    if (useSharedMemory) connection.descriptors().catch(() => undefined)
    const displays = await Displays.open(connection)
    const openSource = options.isCovered ? await UncoveredScreen.begin(connection) : () => wholeScreen(connection)
    if (options.blocksLocalInput) await blockLocalInput(connection)
    return new X11Desktop(
      connection,
      displays,
      new X11Screen(connection, displays, openSource, useSharedMemory),
      new X11Cursor(connection),
      new X11Input(connection, xtest, displays),
    )
  } catch (error) {
    await connection.close()
    throw error
  }
}

class X11Desktop implements Desktop {
  readonly screen: X11Screen
  readonly cursor: X11Cursor
  readonly input: X11Input
  readonly lost: Promise<PlatformError>
  readonly #connection: XConnection
  readonly #displays: Displays
  #closing: Promise<void> | undefined

  constructor(connection: XConnection, displays: Displays, screen: X11Screen, cursor: X11Cursor, input: X11Input) {
    this.#connection = connection
    this.#displays = displays
    this.screen = screen
    this.cursor = cursor
    this.input = input
    this.lost = connection.lost
  }

  async displays(): Promise<readonly Display[]> {
    await this.#displays.refresh()
    return this.#displays.current
  }

  isAsleep(): Promise<boolean> {
    return isPoweredDown(this.#connection)
  }

  onDisplaysChanged(listener: (displays: readonly Display[]) => void): () => void {
    return this.#displays.onChanged(listener)
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown()
    return this.#closing
  }

  async #shutDown(): Promise<void> {
    this.screen.stop()
    this.cursor.stop()
    await this.input.releaseAll()
    await this.#connection.close()
  }
}

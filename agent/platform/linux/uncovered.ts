import type { Rect } from '../platform.ts'
import type { XConnection } from './connection.ts'
import type { DamageSource } from './damage.ts'
import type { PixelSource } from './pixel-source.ts'
import { intersection, type TopWindow, UncoveredWindows } from './uncovered-windows.ts'

const INCLUDE_INFERIORS = 1
const BLACK = 0

/**
 * The desktop as it would be without the cover that tells people that it is being serviced. The Composite extension keeps every window's pixels, also where
 * another one lies over it; they are put together in a picture of the server's, and read from there. As long as the connection lives the server draws
 * the screen from the same pixels itself.
 */
export class UncoveredScreen implements PixelSource {
  readonly #connection: XConnection
  readonly #windows: UncoveredWindows
  readonly #gc: number
  #picture: { readonly id: number; readonly width: number; readonly height: number } | undefined

  private constructor(connection: XConnection, windows: UncoveredWindows) {
    this.#connection = connection
    this.#windows = windows
    this.#gc = connection.client.AllocID()
    const { client, screen } = connection
    connection.tell(() =>
      client.CreateGC(this.#gc, screen.root, {
        foreground: BLACK,
        subwindowMode: INCLUDE_INFERIORS,
        graphicsExposures: 0,
      }),
    )
  }

  /**
   * From now on the server keeps every window's pixels. Answers what makes a source for one capture.
   * @throws PlatformError `extension-missing`
   */
  static async begin(connection: XConnection): Promise<() => Promise<PixelSource>> {
    const composite = await connection.extension('composite')
    connection.tell(() => composite.RedirectSubwindows(connection.screen.root, composite.Redirect.Automatic))
    return async () => new UncoveredScreen(connection, await UncoveredWindows.open(connection))
  }

  async watchDamage(onDamage: () => void): Promise<DamageSource> {
    const windows = await this.#windows.watch(onDamage)
    return {
      take: () => windows.take(),
      close: () => {
        windows.close()
        this.#close()
      },
    }
  }

  async prepare(rects: readonly Rect[]): Promise<number> {
    const { client, screen } = this.#connection
    const picture = await this.#pictureOfRoot()
    const windows = this.#windows.list
    this.#connection.tell(() => {
      client.PolyFillRectangle(
        picture,
        this.#gc,
        rects.flatMap(({ x, y, width, height }) => [x, y, width, height]),
      )
      for (const window of windows)
        if (window.depth === screen.root_depth) for (const rect of rects) this.#copy(window, rect, picture)
    })
    return picture
  }

  #copy(window: TopWindow, rect: Rect, picture: number): void {
    const part = intersection(rect, window.bounds)
    if (!part) return
    const { x, y, width, height } = part
    const { client } = this.#connection
    client.CopyArea(window.id, picture, this.#gc, x - window.bounds.x, y - window.bounds.y, x, y, width, height)
  }

  #close(): void {
    const { client } = this.#connection
    const picture = this.#picture
    this.#connection.tell(() => {
      client.FreeGC(this.#gc)
      if (picture) client.FreePixmap(picture.id)
    })
  }

  async #pictureOfRoot(): Promise<number> {
    const { client, screen } = this.#connection
    const { width, height } = await this.#connection.ask<{ width: number; height: number }>(answer =>
      client.GetGeometry(screen.root, answer as never),
    )
    if (this.#picture?.width === width && this.#picture.height === height) return this.#picture.id
    const last = this.#picture
    const id = client.AllocID()
    this.#picture = { id, width, height }
    this.#connection.tell(() => {
      if (last) client.FreePixmap(last.id)
      client.CreatePixmap(id, screen.root, screen.root_depth, width, height)
    })
    return id
  }
}

import { XConnection } from '../../../agent/platform/linux/connection.ts'

/** The drawing requests of the package that only the painter needs. */
export interface DrawingRequests {
  OpenFont(id: number, name: string): void
  PolyText8(drawable: number, gc: number, x: number, y: number, items: readonly string[]): void
  PutImage(
    format: number,
    drawable: number,
    gc: number,
    width: number,
    height: number,
    x: number,
    y: number,
    leftPad: number,
    depth: number,
    data: Buffer,
  ): void
  ConfigureWindow(window: number, values: { x?: number; y?: number; sibling?: number; stackMode?: number }): void
}

export interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const [COPY_FROM_PARENT, INPUT_OUTPUT, ZPIXMAP] = [0, 1, 2]
const [ABOVE, BELOW] = [0, 1]
/** A request of the core protocol holds at most 256 KiB. */
const IMAGE_CHUNK_BYTES = 250_000
export const TEXT_ROW = 14
export const WHITE = 0xffffff

/** An X client that draws as plain programs do, on override-redirect windows. */
export class Surface {
  readonly connection: XConnection
  readonly width: number
  readonly height: number
  readonly #drawing: DrawingRequests
  readonly #gc: number
  readonly #textGc: number
  /** Of its windows the one above all others. */
  #top: number | undefined

  private constructor(connection: XConnection, width: number, height: number) {
    this.connection = connection
    this.width = width
    this.height = height
    const { client, screen } = connection
    this.#drawing = client as unknown as DrawingRequests
    const font = client.AllocID()
    this.#drawing.OpenFont(font, 'fixed')
    ;[this.#gc, this.#textGc] = [client.AllocID(), client.AllocID()]
    client.CreateGC(this.#gc, screen.root, { foreground: 0, graphicsExposures: 0 })
    client.CreateGC(this.#textGc, screen.root, { foreground: 0x202020, background: WHITE, font, graphicsExposures: 0 })
  }

  static async open(display: string): Promise<Surface> {
    const connection = await XConnection.open(display, problem => console.error(`x: ${problem.message}`))
    const { width, height } = await connection.ask<{ width: number; height: number }>(answer =>
      connection.client.GetGeometry(connection.screen.root, answer),
    )
    return new Surface(connection, width, height)
  }

  /** A window above all others of this painter, and below those of everybody else, the agent's banner among them. `background` is a colour, or a pixmap that the server paints by itself wherever the window comes to light. */
  window(place: Place, background: { colour: number } | { pixmap: number }, eventMask = 0): number {
    const { client, screen } = this.connection
    const id = client.AllocID()
    const { x, y, width, height } = place
    const back: Record<string, number> =
      'colour' in background ? { backgroundPixel: background.colour } : { backgroundPixmap: background.pixmap }
    client.CreateWindow(id, screen.root, x, y, width, height, 0, COPY_FROM_PARENT, INPUT_OUTPUT, COPY_FROM_PARENT, {
      overrideRedirect: true,
      eventMask,
      ...back,
    })
    if (this.#top === undefined) this.#drawing.ConfigureWindow(id, { stackMode: BELOW })
    this.raise(id)
    client.MapWindow(id)
    return id
  }

  pixmap(width: number, height: number, colour?: number): number {
    const { client, screen } = this.connection
    const id = client.AllocID()
    client.CreatePixmap(id, screen.root, screen.root_depth, width, height)
    if (colour !== undefined) this.fill(id, colour, [0, 0, width, height])
    return id
  }

  fill(drawable: number, colour: number, rectangles: readonly number[]): void {
    if (rectangles.length === 0) return
    this.connection.client.ChangeGC(this.#gc, { foreground: colour })
    this.connection.client.PolyFillRectangle(drawable, this.#gc, rectangles)
  }

  text(drawable: number, x: number, y: number, text: string): void {
    this.#drawing.PolyText8(drawable, this.#textGc, x, y, [text])
  }

  copy(source: number, target: number, from: Place, to: { x: number; y: number }): void {
    this.connection.client.CopyArea(source, target, this.#gc, from.x, from.y, to.x, to.y, from.width, from.height)
  }

  move(window: number, x: number, y: number): void {
    this.#drawing.ConfigureWindow(window, { x, y })
  }

  /** Above the painter's other windows. */
  raise(window: number): void {
    if (this.#top !== undefined && this.#top !== window)
      this.#drawing.ConfigureWindow(window, { sibling: this.#top, stackMode: ABOVE })
    this.#top = window
  }

  /** Above every window of the display. */
  raiseAboveAll(window: number): void {
    this.#drawing.ConfigureWindow(window, { stackMode: ABOVE })
  }

  /** Puts B, G, R, x pixels into a drawable at its upper left corner. */
  async image(drawable: number, width: number, pixels: Buffer): Promise<void> {
    const rowBytes = width * 4
    const rows = Math.floor(IMAGE_CHUNK_BYTES / rowBytes)
    const { root_depth } = this.connection.screen
    for (let y = 0; y * rowBytes < pixels.length; y += rows) {
      const part = pixels.subarray(y * rowBytes, (y + rows) * rowBytes)
      this.#drawing.PutImage(ZPIXMAP, drawable, this.#gc, width, part.length / rowBytes, 0, y, 0, root_depth, part)
    }
    await this.connection.sync()
  }
}

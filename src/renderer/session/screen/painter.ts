import { applyFrame } from '#protocol/peer/tiles/decode.ts'
import type { Picture, Rect } from '#protocol/peer/tiles/picture.ts'
import type { MotionPicture } from './motion-picture.ts'

/** More rectangles than this wait only while nothing is shown; then all is drawn at once. */
const WAITING_MAX = 2_048

export interface PainterOptions {
  readonly canvas: OffscreenCanvas
  /** Runs `act` with the next picture of the browser. */
  readonly nextFrame: (act: () => void) => void
  /** The canvas has another size now. */
  readonly onSize: (width: number, height: number) => void
  /** All that was given before is on the canvas. */
  readonly onDrawn: () => void
}

/**
 * The canvas, and the lossless picture behind it. What comes is drawn at once, but only once for each picture that the browser shows.
 *
 * Measured on two cores without a GPU at 1080p, message to pixels: `putImageData` out of the picture in memory beats `drawImage` of the canvas on itself for a
 * scroll (12 % against 60 % of a core); `desynchronized` and `willReadFrequently` change nothing; a canvas of the page shows small rectangles 5 ms sooner, but a
 * scroll 5 ms later and at a quarter more CPU than a canvas of a worker.
 */
export class Painter {
  readonly #options: PainterOptions
  readonly #context: OffscreenCanvasRenderingContext2D
  #picture: Picture | undefined
  #image: ImageData | undefined
  #showsAll = false
  #dirty: Rect[] = []
  #video: MotionPicture | undefined
  #isWaiting = false
  #hasWork = false
  #isPainted = false

  constructor(options: PainterOptions) {
    this.#options = options
    const context = options.canvas.getContext('2d', { alpha: false })
    if (!context) throw new Error('This browser has no 2d canvas in a worker.')
    this.#context = context
  }

  /** The device's screen, as far as the agent has told its size. */
  get picture(): Picture | undefined {
    return this.#picture
  }

  /** Whether something of the device stands on the canvas. */
  get isPainted(): boolean {
    return this.#isPainted
  }

  /** One frame's commands. Throws `TilesError`; the picture is then of no more use. */
  apply(body: Uint8Array): void {
    const before = this.#picture
    const frame = applyFrame(before, body)
    this.#picture = frame.picture
    if (frame.picture.pixels !== before?.pixels) this.#image = imageOf(frame.picture)
    // What was stamped for another motion, or for one that is over, must not come up any more.
    if (frame.picture.epoch !== before?.epoch) this.#setVideo(undefined)
    this.#showsAll ||= frame.showsAll
    this.#dirty.push(...frame.dirty)
    if (this.#dirty.length > WAITING_MAX) this.#showsAll = true
    if (this.#showsAll) this.#dirty.length = 0
    this.#isPainted ||= frame.hasContent
    this.#schedule()
  }

  /** A picture of the video, which is the painter's from here on. A newer one takes its place, drawn or not. */
  show(video: MotionPicture): void {
    this.#setVideo(video)
    this.#isPainted = true
    this.#schedule()
  }

  #setVideo(video: MotionPicture | undefined): void {
    this.#video?.close()
    this.#video = video
  }

  #schedule(): void {
    this.#hasWork = true
    if (this.#isWaiting) return
    this.#draw()
    this.#isWaiting = true
    this.#options.nextFrame(() => {
      this.#isWaiting = false
      if (this.#hasWork) this.#schedule()
    })
  }

  #draw(): void {
    this.#hasWork = false
    if (this.#picture) this.#drawPicture(this.#picture)
    this.#video?.drawTo(this.#context)
    this.#setVideo(undefined)
    this.#options.onDrawn()
  }

  #drawPicture({ width, height }: Picture): void {
    if (!this.#image) return
    this.#fit(width, height)
    const areas = this.#showsAll ? [{ x: 0, y: 0, width, height }] : this.#dirty
    for (const area of areas) this.#context.putImageData(this.#image, 0, 0, area.x, area.y, area.width, area.height)
    this.#showsAll = false
    this.#dirty = []
  }

  #fit(width: number, height: number): void {
    const { canvas } = this.#options
    if (canvas.width === width && canvas.height === height) return
    canvas.width = width
    canvas.height = height
    this.#options.onSize(width, height)
  }
}

const imageOf = ({ width, height, pixels }: Picture): ImageData =>
  new ImageData(new Uint8ClampedArray(pixels.buffer), width, height)

import type { Sample } from './samples.ts'

export interface EyesFacts {
  /** CSS of the picture in a page; of several elements the first that is visible. */
  readonly picture: string
  readonly device: { readonly width: number; readonly height: number }
  readonly strip: { readonly x: number; readonly y: number; readonly cells: number; readonly cellSize: number }
  readonly patch: Area
}
interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** What `openEyes` leaves in its page or worker. */
export interface Eyes {
  start(): void
  stop(): Sample[]
  /** Looks until the patch is another than now. `patchSeen` resolves with that moment in epoch ms; null when nothing came. */
  watchPatch(): Promise<void>
  patchSeen: Promise<number | null>
}
export type EyesScope = typeof globalThis & { handholdEyes: Eyes }

/** Opens eyes on a picture. Runs in a page, or in the worker that draws the picture's canvas; so it uses nothing of this module. */
export function openEyes({ picture, device, strip, patch }: EyesFacts): void {
  const GIVE_UP_MS = 3_000
  const PATCH_CHANGED = 100
  const [BLACK_BELOW, WHITE_ABOVE] = [80, 176]
  type Luma = number[] | undefined | Promise<number[] | undefined>

  // The whole canvas would be copied for each look at a worker's drawing from outside, 8 ms; and it would be seen a frame late.
  let drawn: OffscreenCanvasRenderingContext2D | undefined
  const catchDrawing = () => {
    const prototype = OffscreenCanvasRenderingContext2D.prototype as unknown as Record<
      string,
      (...args: unknown[]) => unknown
    >
    for (const name of ['drawImage', 'putImageData', 'fillRect']) {
      const native = prototype[name]
      if (!native) continue
      prototype[name] = function (this: OffscreenCanvasRenderingContext2D, ...args: unknown[]) {
        // Others are scratch canvases.
        if (this.canvas.width >= device.width / 3) {
          drawn = this
          prototype[name] = native
        }
        return native.apply(this, args)
      }
    }
  }

  const middles = (columns: number, width: number) =>
    Array.from({ length: columns }, (_, column) => Math.floor(((column + 0.5) * width) / columns))

  const place = (area: Area, width: number) => {
    const scale = width / device.width
    return {
      x: Math.round(area.x * scale),
      y: Math.round((area.y + area.height / 2) * scale),
      width: Math.round(area.width * scale),
    }
  }
  const greens = (data: Uint8ClampedArray, columns: number, width: number) =>
    middles(columns, width).map(x => data[x * 4 + 1] ?? 0)

  const readDrawing = (context: OffscreenCanvasRenderingContext2D, area: Area, columns: number) => {
    const { x, y, width } = place(area, context.canvas.width)
    return greens(context.getImageData(x, y, width, 1).data, columns, width)
  }

  const isPage = typeof document !== 'undefined'
  const scratch = isPage ? document.createElement('canvas').getContext('2d', { willReadFrequently: true }) : null
  const readCanvas = (canvas: HTMLCanvasElement, area: Area, columns: number) => {
    const { x, y, width } = place(area, canvas.width)
    if (!scratch || width === 0) return undefined
    if (scratch.canvas.width !== width) Object.assign(scratch.canvas, { width, height: 1 })
    scratch.drawImage(canvas, x, y, width, 1, 0, 0, width, 1)
    return greens(scratch.getImageData(0, 0, width, 1).data, columns, width)
  }
  // Drawing a video to a canvas converts the whole frame, 15 ms; a frame's luma plane can be copied in part.
  const readVideo = async (video: HTMLVideoElement, area: Area, columns: number) => {
    if (video.videoWidth === 0) return undefined
    const frame = new VideoFrame(video)
    try {
      const at = place(area, frame.displayWidth)
      const width = at.width & ~1
      const { x = 0, y = 0 } = frame.visibleRect ?? {}
      const rect = { x: (at.x & ~1) + x, y: (at.y & ~1) + y, width, height: 2 }
      const bytes = new Uint8Array(frame.allocationSize({ rect }))
      const [plane] = await frame.copyTo(bytes, { rect })
      const [step, first] = frame.format?.match(/^(RGB|BGR)/) ? [4, 1] : [1, 0]
      return middles(columns, width).map(column => bytes[(plane?.offset ?? 0) + column * step + first] ?? 0)
    } finally {
      frame.close()
    }
  }
  /** The brightness of the middle row of an area of the display, at `columns` points of equal distance. */
  const readLuma = (area: Area, columns: number): Luma => {
    if (!isPage) return drawn && readDrawing(drawn, area, columns)
    const all = [...document.querySelectorAll<HTMLVideoElement | HTMLCanvasElement>(picture)]
    const shown = all.find(each => each.checkVisibility())
    if (!shown) return undefined
    return shown instanceof HTMLVideoElement ? readVideo(shown, area, columns) : readCanvas(shown, area, columns)
  }

  // Once in each frame, after everything that draws in it.
  const frames = new MessageChannel()
  let handleFrame: (() => void) | undefined
  frames.port2.onmessage = () => handleFrame?.()
  const nextFrame = (handle: () => void) => {
    handleFrame = handle
    requestAnimationFrame(() => frames.port1.postMessage(null))
  }

  const stripArea = { x: strip.x, y: strip.y, width: strip.cells * strip.cellSize, height: strip.cellSize }
  const stampOf = (cells: readonly number[]) =>
    cells.some(luma => luma >= BLACK_BELOW && luma <= WHITE_ABOVE)
      ? -1
      : cells.reduce((stamp, luma, cell) => stamp | (luma < BLACK_BELOW ? 1 << cell : 0), 0)

  let samples: Sample[] = []
  let isRunning = false
  const look = async () => {
    if (!isRunning) return
    const atMs = Date.now()
    const pending = readLuma(stripArea, strip.cells)
    const isLate = pending instanceof Promise
    // A frame's copy may take longer than a frame; the next look must not wait for the next but one.
    if (!isLate) nextFrame(look)
    const cells = await pending
    if (cells) samples.push({ atMs, stamp: stampOf(cells) })
    if (isLate) nextFrame(look)
  }

  const epochMs = () => performance.timeOrigin + performance.now()
  const eyes: Eyes = {
    start() {
      samples = []
      isRunning = true
      nextFrame(look)
    },
    stop() {
      isRunning = false
      return samples
    },
    async watchPatch() {
      const [before = 255] = (await readLuma(patch, 1)) ?? []
      eyes.patchSeen = new Promise(resolve => {
        const giveUpAt = performance.now() + GIVE_UP_MS
        const check = async () => {
          const lookedAt = epochMs()
          const [luma = before] = (await readLuma(patch, 1)) ?? []
          if (Math.abs(luma - before) >= PATCH_CHANGED) resolve(lookedAt)
          else if (performance.now() > giveUpAt) resolve(null)
          else nextFrame(check)
        }
        nextFrame(check)
      })
    },
    patchSeen: Promise.resolve(null),
  }
  if (!isPage) catchDrawing()
  Object.assign(globalThis, { handholdEyes: eyes })
}

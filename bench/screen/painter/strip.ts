import { cellsOf, STRIP, STRIP_WIDTH, stampOf } from '../barcode.ts'
import { type Surface, WHITE } from './surface.ts'

const VISIBILITY_CHANGE = 0x10000
const UNOBSCURED = 0
/** A program beneath it may insist on the top as well; the two would otherwise use up a processor. */
const RAISE_PAUSE_MS = 100
const AREA = { x: 0, y: 0, width: STRIP_WIDTH, height: STRIP.cellSize }

/** The barcode as a window of its own that stays above what is painted. */
export class Strip {
  readonly #surface: Surface
  readonly #window: number
  readonly #next: number

  constructor(surface: Surface) {
    this.#surface = surface
    this.#next = surface.pixmap(AREA.width, AREA.height, WHITE)
    this.#window = surface.window({ ...AREA, x: STRIP.x, y: STRIP.y }, { colour: WHITE }, VISIBILITY_CHANGE)
    let isPausing = false
    surface.connection.onEvent('VisibilityNotify', event => {
      if (event.wid !== this.#window || event.state === UNOBSCURED || isPausing) return
      isPausing = true
      setTimeout(() => {
        isPausing = false
        surface.raiseAboveAll(this.#window)
      }, RAISE_PAUSE_MS)
    })
  }

  /** One request changes all cells at once, so that no reader of the display can see half a stamp. */
  paint(epochMs: number): void {
    const stamp = stampOf(epochMs)
    this.#surface.fill(this.#next, WHITE, cellsOf(stamp, false))
    this.#surface.fill(this.#next, 0, cellsOf(stamp, true))
    this.#surface.copy(this.#next, this.#window, AREA, { x: 0, y: 0 })
  }
}

import type { KnownPicture } from '../../../pixels/known-picture.ts'
import { type Movement, MovementSearch, type Shift } from '../../../pixels/movement.ts'
import type { Rect } from '../../../platform/platform.ts'
import { ScrollSearch } from './scroll.ts'

/** Of the shifts that the picture suggests, only the likeliest are looked at closely. */
const SUGGESTIONS_MAX = 3
/** Windows that move at the same time. */
const SHIFTS_KEPT = 4

/** Finds what moved inside of a picture: scrolled text and windows that are dragged. It remembers the last ways, since movements go on. */
export class MoveFinder {
  readonly #known: KnownPicture
  readonly #search: MovementSearch
  readonly #scroll = new ScrollSearch()
  #lastScroll: Shift | undefined
  #lastShifts: readonly Shift[] = []

  constructor(known: KnownPicture) {
    this.#known = known
    this.#search = new MovementSearch(known.surface)
  }

  /**
   * A movement that explains part of what differs inside of `band`. It may be wrong in places: compare afterwards. `isFirst` says that none was found in this
   * band before: one that went far is looked for only then.
   */
  find(band: Rect, isFirst: boolean): Movement | undefined {
    if (this.#lastScroll) {
      const again = this.#search.explain(band, this.#lastScroll)
      if (again) return again
    }
    for (const shift of this.#search.shifts(band, this.#lastShifts).slice(0, SUGGESTIONS_MAX)) {
      const movement = this.#search.explain(band, shift)
      if (movement) return this.#remember(movement)
    }
    const dy = isFirst ? this.#scroll.shiftOf(this.#known, band) : 0
    return dy === 0 ? undefined : this.#search.explain(band, { dx: 0, dy })
  }

  #remember(movement: Movement): Movement {
    const { dx, dy } = movement
    this.#lastScroll = dx === 0 ? { dx, dy } : undefined
    this.#lastShifts = [{ dx, dy }, ...this.#lastShifts].slice(0, SHIFTS_KEPT)
    return movement
  }
}

import type { KnownPicture } from '../../../pixels/known-picture.ts'
import { type Movement, MovementSearch, type Shift } from '../../../pixels/movement.ts'
import type { Rect } from '../../../platform/platform.ts'
import { ScrollSearch } from './scroll.ts'

/** Of the shifts that the picture suggests, only the likeliest are looked at closely. */
const SUGGESTIONS_MAX = 3

/** Finds what moved inside of a picture: scrolled text and windows that are dragged. It remembers the last ways, since movements go on. */
export class MoveFinder {
  readonly #known: KnownPicture
  readonly #search: MovementSearch
  readonly #scroll = new ScrollSearch()
  #lastScroll: Shift | undefined

  constructor(known: KnownPicture) {
    this.#known = known
    this.#search = new MovementSearch(known.surface)
  }

  /** A movement that explains part of what differs inside of `band`. It may be wrong in places: compare afterwards. */
  find(band: Rect): Movement | undefined {
    if (this.#lastScroll) {
      const again = this.#search.explain(band, this.#lastScroll)
      if (again) return again
    }
    for (const shift of this.#search.shifts(band).slice(0, SUGGESTIONS_MAX)) {
      const movement = this.#search.explain(band, shift)
      if (movement) return this.#remember(movement)
    }
    const dy = this.#scroll.shiftOf(this.#known, band)
    return dy === 0 ? undefined : this.#search.explain(band, { dx: 0, dy })
  }

  #remember(movement: Movement): Movement {
    this.#lastScroll = movement.dx === 0 ? { dx: 0, dy: movement.dy } : undefined
    return movement
  }
}

import { TILES_PIXELS_MAX, TILES_SIDE_MAX } from '#protocol/limits.ts'
import { type AgentControl, ALL_DISPLAYS } from '#protocol/peer/control.ts'
import { toDisplayLine } from '#protocol/text.ts'
import { allDisplays, type Display } from '../platform/platform.ts'

const DISPLAYS_MAX = 16

/** The displays of a desktop and which of them is shown: the one that was chosen, or all of them, while that is there; the primary otherwise. */
export class DisplayList {
  #displays: readonly Display[] = []
  #all: Display | undefined
  #chosenId: string | undefined

  constructor(chosenId?: string) {
    this.#chosenId = chosenId
  }

  get selected(): Display | undefined {
    return this.#find(this.#chosenId) ?? this.#displays.find(display => display.isPrimary) ?? this.#displays[0]
  }

  replace(displays: readonly Display[]): void {
    this.#displays = displays.slice(0, DISPLAYS_MAX)
    const all = allDisplays(displays)
    this.#all = all && fitsAPicture(all) ? all : undefined
  }

  /** Returns false for a display that isn't there. */
  choose(displayId: string): boolean {
    if (!this.#find(displayId)) return false
    this.#chosenId = displayId
    return true
  }

  toMessage(): AgentControl | undefined {
    const selected = this.selected
    if (!selected) return undefined
    return {
      type: 'displays',
      selectedId: selected.id,
      displays: this.#displays.map(({ id, name, bounds }) => ({
        id,
        name: toDisplayLine(name, 64),
        width: bounds.width,
        height: bounds.height,
      })),
    }
  }

  #find(id: string | undefined): Display | undefined {
    if (id === ALL_DISPLAYS) return this.#all
    return id === undefined ? undefined : this.#displays.find(display => display.id === id)
  }
}

/** A wall of displays may be more than the protocol lets a picture have. */
function fitsAPicture({ bounds: { width, height } }: Display): boolean {
  return width <= TILES_SIDE_MAX && height <= TILES_SIDE_MAX && width * height <= TILES_PIXELS_MAX
}

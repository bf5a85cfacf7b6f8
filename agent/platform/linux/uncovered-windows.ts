import { COVER_PROPERTY } from '#protocol/person/cover.ts'
import type { Rect } from '../platform.ts'
import type { XConnection } from './connection.ts'
import { type DamageSource, DamageWatch } from './damage.ts'

const VIEWABLE = 2
const PROPERTY_OF_ANY_TYPE = 0
/** A window manager puts its frames around what a program opened. */
const FRAME_DEPTH = 3
/** Of the root window itself, which is what tells of a new size, and of the windows on it. */
const STRUCTURE_NOTIFY = 0x20000
const SUBSTRUCTURE_NOTIFY = 0x80000
const CHANGES = new Set([
  'CreateNotify',
  'MapNotify',
  'UnmapNotify',
  'DestroyNotify',
  'ConfigureNotify',
  'ReparentNotify',
  'CirculateNotify',
])

export interface TopWindow {
  readonly id: number
  readonly depth: number
  /** In root coordinates, without its border. */
  readonly bounds: Rect
}

interface Watched extends TopWindow {
  readonly damage: DamageWatch
}

/** The windows of a desktop without the cover's, lowest first, and what changes in them. */
export class UncoveredWindows {
  readonly #connection: XConnection
  readonly #cover: number
  #watched: Watched[] = []
  #onDamage: () => void = () => undefined
  #isStale = true
  #stopListening: () => void = () => undefined

  private constructor(connection: XConnection, cover: number) {
    this.#connection = connection
    this.#cover = cover
  }

  static async open(connection: XConnection): Promise<UncoveredWindows> {
    const cover = await connection.ask<number>(answer => connection.client.InternAtom(false, COVER_PROPERTY, answer))
    const eventMask = STRUCTURE_NOTIFY | SUBSTRUCTURE_NOTIFY
    connection.tell(client => client.ChangeWindowAttributes(connection.screen.root, { eventMask }))
    return new UncoveredWindows(connection, cover)
  }

  get list(): readonly TopWindow[] {
    return this.#watched
  }

  async watch(onDamage: () => void): Promise<DamageSource> {
    this.#onDamage = onDamage
    const stops = [...CHANGES].map(name =>
      this.#connection.onEvent(name, () => {
        this.#isStale = true
        this.#onDamage()
      }),
    )
    this.#stopListening = () => {
      for (const stop of stops) stop()
    }
    await this.#refresh()
    return {
      take: () => this.#take(),
      close: () => {
        this.#stopListening()
        this.#close()
      },
    }
  }

  async #take(): Promise<readonly Rect[]> {
    if (this.#isStale) {
      await this.#refresh()
      const { width, height } = await this.#geometry(this.#connection.screen.root)
      return [{ x: 0, y: 0, width, height }]
    }
    const all = await Promise.all(
      this.#watched.map(async ({ bounds, damage }) =>
        (await damage.take().catch(() => [])).map(rect => ({ ...rect, x: rect.x + bounds.x, y: rect.y + bounds.y })),
      ),
    )
    return all.flat()
  }

  async #refresh(): Promise<void> {
    const { client, screen } = this.#connection
    while (this.#isStale) {
      this.#isStale = false
      this.#close()
      const { children } = await this.#connection.ask<{ children: number[] }>(answer =>
        client.QueryTree(screen.root, answer),
      )
      const watched = await Promise.all(children.map(id => this.#watch(id).catch(() => undefined)))
      this.#watched = watched.filter(window => window !== undefined)
    }
  }

  /** Undefined for what isn't to be seen; rejects for what went away meanwhile. */
  async #watch(id: number): Promise<Watched | undefined> {
    const { client } = this.#connection
    const { mapState } = await this.#connection.ask<{ mapState: number }>(answer =>
      client.GetWindowAttributes(id, answer),
    )
    if (mapState !== VIEWABLE) return undefined
    if (await this.#isCover(id, FRAME_DEPTH)) return undefined
    const { xPos, yPos, width, height, depth, borderWidth } = await this.#geometry(id)
    // One that only takes input has no pixels.
    if (depth === 0) return undefined
    const bounds = { x: xPos + borderWidth, y: yPos + borderWidth, width, height }
    return { id, depth, bounds, damage: await DamageWatch.open(this.#connection, id, () => this.#onDamage()) }
  }

  async #isCover(window: number, depth: number): Promise<boolean> {
    const { client } = this.#connection
    const { data } = await this.#connection.ask<{ data: Buffer }>(answer =>
      client.GetProperty(0, window, this.#cover, PROPERTY_OF_ANY_TYPE, 0, 1, answer),
    )
    if (data.length > 0 || depth === 0) return data.length > 0
    const { children } = await this.#connection.ask<{ children: number[] }>(answer => client.QueryTree(window, answer))
    for (const child of children) if (await this.#isCover(child, depth - 1).catch(() => false)) return true
    return false
  }

  #geometry(drawable: number) {
    const { client } = this.#connection
    return this.#connection.ask<Geometry>(answer => client.GetGeometry(drawable, answer as never))
  }

  #close(): void {
    for (const { damage } of this.#watched.splice(0)) damage.close()
  }
}

interface Geometry {
  readonly xPos: number
  readonly yPos: number
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly borderWidth: number
}

export function intersection(one: Rect, other: Rect): Rect | undefined {
  const x = Math.max(one.x, other.x)
  const y = Math.max(one.y, other.y)
  const width = Math.min(one.x + one.width, other.x + other.width) - x
  const height = Math.min(one.y + one.height, other.y + other.height) - y
  return width > 0 && height > 0 ? { x, y, width, height } : undefined
}

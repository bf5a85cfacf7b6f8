import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyFrame } from '#protocol/peer/tiles/decode.ts'
import type { Picture } from '#protocol/peer/tiles/picture.ts'
import { Surface } from '../../../pixels/surface.ts'
import type { Rect } from '../../../platform/platform.ts'
import { FrameBody } from './frame-body.ts'
import { FrameComposer } from './frame-composer.ts'

const PLENTY_BYTES = 100_000_000

/** A screen that is painted here and the picture that an operator makes of what the composer writes. */
class Screen {
  readonly surface: Surface
  readonly raw: Uint32Array
  readonly #composer: FrameComposer
  readonly #body = new FrameBody()
  readonly #hasStencils: boolean
  #received: Picture | undefined

  constructor(width: number, height: number, { hasStencils = true } = {}) {
    this.#hasStencils = hasStencils
    this.surface = new Surface(width, height)
    this.raw = new Uint32Array(width * height)
    this.#composer = new FrameComposer(this.surface)
    this.#body.size(width, height)
    this.#deliver()
  }

  get isBehind(): boolean {
    return this.#composer.isBehind
  }

  /** `0xRRGGBB` of each pixel of a rectangle. */
  paint({ x, y, width, height }: Rect, colourAt: (x: number, y: number) => number): void {
    for (let row = y; row < y + height; row++)
      for (let column = x; column < x + width; column++)
        this.raw[row * this.surface.width + column] = colourAt(column, row)
  }

  /** Captures everything and sends one frame of at most `budgetBytes`. Returns the length of its commands. */
  send(budgetBytes = PLENTY_BYTES): number {
    const { width, height } = this.surface
    const bytes = new Uint8Array(this.raw.buffer)
    const damage = this.surface.update({ x: 0, y: 0, width, height }, (into, offset) =>
      into.set(bytes.subarray(offset, offset + into.length)),
    )
    if (damage.length > 0) this.#composer.add(damage)
    this.#body.clear()
    this.#composer.compose(this.#body, budgetBytes, this.#hasStencils)
    const { length } = this.#body
    this.#deliver()
    return length
  }

  expectExact(): void {
    const pixels = new Uint32Array(this.surface.memory.buffer, this.surface.layout.current, this.raw.length)
    const received = new Uint32Array(this.#received?.pixels.buffer ?? new ArrayBuffer(0))
    expect(Buffer.compare(Buffer.from(received.buffer), Buffer.from(pixels.slice().buffer))).toBe(0)
  }

  #deliver(): void {
    if (this.#body.length > 0) this.#received = applyFrame(this.#received, Uint8Array.from(this.#body.bytes)).picture
  }
}

/** Text-like: short runs of two colours, nowhere the same. */
function ink(x: number, y: number): number {
  let hash = Math.imul(x ^ Math.imul(y, 0x85ebca6b), 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f)
  return (hash ^ (hash >>> 13)) & 0x600 ? 0xffffff : 0x202020
}

describe('frames of tiles', () => {
  it('make the operator’s picture the device’s, whatever is painted', () => {
    const side = fc.integer({ min: 1, max: 90 })
    const paint = fc.record({
      x: fc.integer({ min: 0, max: 99 }),
      y: fc.integer({ min: 0, max: 69 }),
      width: side,
      height: side,
      kind: fc.constantFrom('fill', 'noise', 'gradient', 'text'),
      seed: fc.integer({ min: 0, max: 0xffffff }),
    })
    fc.assert(
      fc.property(fc.array(fc.array(paint, { maxLength: 4 }), { maxLength: 6 }), frames => {
        const screen = new Screen(100, 70)
        for (const paints of frames) {
          for (const { kind, seed, ...rect } of paints) {
            const width = Math.min(rect.width, 100 - rect.x)
            const height = Math.min(rect.height, 70 - rect.y)
            screen.paint({ ...rect, width, height }, (x, y) => colourOf(kind, seed, x, y))
          }
          screen.send()
          screen.expectExact()
        }
      }),
      { numRuns: 150 },
    )
  })

  it('say a scroll as a movement, also beside something that stays and under something that changes', () => {
    const screen = new Screen(640, 400)
    const all = { x: 0, y: 0, width: 640, height: 400 }
    let offset = 0
    const draw = () => {
      screen.paint(all, (x, y) => ink(x, y + offset))
      screen.paint({ x: 600, y: 0, width: 40, height: 400 }, () => 0x888888)
      screen.paint({ x: 20, y: 10, width: 100, height: 12 }, x => (((x >> 3) ^ offset) & 1 ? 0xff0000 : 0x00ff00))
    }
    draw()
    const first = screen.send()
    for (const step of [8, 8, 13, -8, 120, 3]) {
      offset += step
      draw()
      expect([step, screen.send() < first / 2]).toEqual([step, true])
      screen.expectExact()
    }
  })

  it('say dragged windows as movements, each its own way', () => {
    const screen = new Screen(800, 500)
    const windows = [
      { x: 40, y: 30, dx: 7, dy: 4, seed: 11 },
      { x: 420, y: 200, dx: -9, dy: 2, seed: 977 },
    ]
    const draw = (frame: number) => {
      screen.paint({ x: 0, y: 0, width: 800, height: 500 }, () => 0x305060)
      for (const { x, y, dx, dy, seed } of windows) {
        const left = x + dx * frame
        const top = y + dy * frame
        screen.paint({ x: left, y: top, width: 260, height: 190 }, (px, py) => ink(px - left + seed, py - top))
      }
    }
    draw(0)
    const first = screen.send()
    for (let frame = 1; frame < 8; frame++) {
      draw(frame)
      expect(screen.send()).toBeLessThan(first / 4)
      screen.expectExact()
    }
  })

  it('are cut where the budget ends and go on where they stopped, with what is there then', () => {
    const screen = new Screen(300, 300)
    const all = { x: 0, y: 0, width: 300, height: 300 }
    screen.paint(all, (x, y) => colourOf('noise', 5, x, y))
    const lengths = [screen.send(20_000)]
    expect(screen.isBehind).toBe(true)
    screen.paint({ x: 0, y: 200, width: 300, height: 100 }, () => 0x00ff00)
    while (screen.isBehind) lengths.push(screen.send(20_000))
    screen.expectExact()
    expect(lengths.length).toBeGreaterThan(3)
    expect(Math.max(...lengths)).toBeLessThan(45_000)
  })

  it('say a character of one colour over others in a bit for each pixel, where the other side knows that', () => {
    const glyph = ['#...#', '.#.#.', '..#..', '.#.#.', '#...#']
    const lengths = [true, false].map(hasStencils => {
      const screen = new Screen(200, 100, { hasStencils })
      screen.paint({ x: 0, y: 0, width: 200, height: 100 }, ink)
      screen.send()
      screen.paint({ x: 130, y: 40, width: 5, height: 5 }, (x, y) =>
        glyph[y - 40]?.[x - 130] === '#' ? 0xd01010 : (screen.raw[y * 200 + x] ?? 0),
      )
      const length = screen.send()
      screen.expectExact()
      return length
    })
    // Its command and its place take 7 bytes, the colour 3, and 25 pixels 4.
    expect(lengths[0]).toBe(14)
    expect(lengths[1]).toBeGreaterThan(20)
  })

  it('cost nothing for what was painted as it was', () => {
    const screen = new Screen(64, 64)
    screen.paint({ x: 0, y: 0, width: 64, height: 64 }, ink)
    screen.send()
    expect(screen.send()).toBe(0)
  })
})

function colourOf(kind: string, seed: number, x: number, y: number): number {
  if (kind === 'fill') return seed
  if (kind === 'gradient') return ((seed & 0xff0000) | ((x * 2) & 0xff)) + (((y * 3) & 0xff) << 8)
  if (kind === 'noise') return Math.imul(x * 7919 + y * 104_729 + seed, 0x9e3779b1) & 0xffffff
  return ink(x + (seed & 15), y)
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commands, encodePixels, encodeRun, frameMessages, varint } from '#testing/tiles-encoder.ts'
import { TILES_FRAME_MAX_BYTES, TILES_MESSAGE_MAX_BYTES } from '../../limits.ts'
import {
  COMMAND,
  encodeAck,
  encodeSeen,
  PIXELS,
  parseAck,
  parseMessageHeader,
  parseSeen,
  TilesError,
  type TilesProblem,
} from '../tiles.ts'
import { FrameAssembler } from './assemble.ts'
import { applyFrame } from './decode.ts'
import { createPicture, type Picture, pixelOf, type Rect } from './picture.ts'

const apply = (picture: Picture | undefined, ...body: number[][]) => applyFrame(picture, Uint8Array.from(body.flat()))
const open = (width: number, height: number) => apply(undefined, commands.size(width, height)).picture
const whole = ({ width, height }: Picture): Rect => ({ x: 0, y: 0, width, height })
const clone = (picture: Picture): Picture => ({ ...picture, pixels: picture.pixels.slice() })
const colours = (picture: Picture) => Array.from(picture.pixels, pixel => pixel.toString(16).padStart(8, '0'))
const bgr = (text: string) => text.split(' ').map(part => `ff${part}`)

function problemOf(act: () => unknown): TilesProblem | undefined {
  try {
    act()
    return undefined
  } catch (thrown) {
    if (thrown instanceof TilesError) return thrown.problem
    throw thrown
  }
}

/** Few colours in runs and noise besides: what each kind of operation is for. */
const pixelArbitrary = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(pixelOf(0, 0, 0), pixelOf(255, 255, 255), pixelOf(40, 44, 52)) },
  fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map(([red, green, blue]) => pixelOf(red, green, blue)),
  fc.nat(20).map(step => pixelOf(100 + step, 90 + step, 110 + step)),
)
const pictureArbitrary = (width: number, height: number) =>
  fc.array(fc.tuple(pixelArbitrary, fc.integer({ min: 1, max: 90 })), { maxLength: 60 }).map(runs => {
    const picture = createPicture(width, height)
    let at = 0
    for (const [pixel, length] of runs) {
      picture.pixels.fill(pixel, at, at + length)
      at += length
    }
    return picture
  })
const side = fc.integer({ min: 1, max: 40 })
const pairArbitrary = fc
  .tuple(side, side)
  .chain(([width, height]) => fc.tuple(pictureArbitrary(width, height), pictureArbitrary(width, height)))

describe('a frame’s body', () => {
  it('makes every picture out of every other one', () => {
    fc.assert(
      fc.property(pairArbitrary, fc.nat(), fc.nat(), fc.nat(), fc.nat(), ([before, after], a, b, c, d) => {
        const { width, height } = before
        const rect = { x: a % width, y: b % height, width: 1 + (c % (width - (a % width))), height: 1 }
        rect.height = 1 + (d % (height - rect.y))
        const expected = clone(before)
        for (let y = rect.y; y < rect.y + rect.height; y++)
          for (let x = rect.x; x < rect.x + rect.width; x++)
            expected.pixels[y * width + x] = after.pixels[y * width + x] ?? 0
        const frame = apply(clone(before), commands.rect(rect, encodePixels(before, after, rect)))
        expect(frame.picture.pixels).toEqual(expected.pixels)
        expect(frame.dirty).toEqual([rect])
        expect(frame.showsAll).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('copies as if by way of a second picture, however source and target overlap', () => {
    const place = fc.tuple(fc.nat(11), fc.nat(8))
    fc.assert(
      fc.property(pictureArbitrary(12, 9), place, place, fc.nat(), fc.nat(), (before, [x, y], [toX, toY], w, h) => {
        const width = 1 + (w % (12 - Math.max(x, toX)))
        const height = 1 + (h % (9 - Math.max(y, toY)))
        const expected = clone(before)
        for (let row = 0; row < height; row++)
          for (let column = 0; column < width; column++)
            expected.pixels[(toY + row) * 12 + toX + column] = before.pixels[(y + row) * 12 + x + column] ?? 0
        const frame = apply(clone(before), commands.copy({ x, y, width, height }, toX, toY))
        expect(frame.picture.pixels).toEqual(expected.pixels)
        expect(frame.dirty).toEqual([{ x: toX, y: toY, width, height }])
      }),
    )
  })

  it('means what the format says, byte by byte', () => {
    const ops = [
      [PIXELS.rgb, 10, 20, 30], // stored in slot (30 + 100 + 210) & 63 = 20
      [PIXELS.diff | (3 << 4) | (2 << 2) | 0], // +1, 0, -2
      [PIXELS.luma | (16 + 5), 0x8f], // green +5, red +5, blue +12
      [PIXELS.index | 20],
      encodeRun('run', 2),
      encodeRun('up', 2),
      encodeRun('skip', 1),
      [PIXELS.diff | (2 << 4) | (2 << 2) | 2], // what was skipped was white: no change of it
      [PIXELS.rgb, 0, 0, 0],
      [PIXELS.luma | 0, 0x00], // -16, and -24 for red and blue, modulo 256
    ]
    const picture = open(6, 2)
    apply(picture, commands.fill(whole(picture), [255, 255, 255]))
    const { picture: after } = apply(picture, commands.rect(whole(picture), ops.flat()))
    const first = bgr('1e140a 1c140b 281910 1e140a 1e140a 1e140a')
    expect(colours(after)).toEqual([...first, ...first.slice(0, 2), ...bgr('ffffff ffffff 000000 e8f0e8')])
  })

  it('gives the pixels of a stencil its colour and leaves the others, and the rows of the rectangle before', () => {
    const picture = open(4, 3)
    const rows = commands.rect({ x: 0, y: 1, width: 4, height: 1 }, encodeRun('skip', 4))
    const stencil = commands.stencil({ x: 1, y: 0, width: 3, height: 3 }, [1, 2, 3], [0b10100110, 0b11111111])
    const frame = apply(picture, rows, stencil, [COMMAND.again, 0, 1, PIXELS.rgb, 9, 9, 9])
    const [dark, inked, own] = ['ff000000', 'ff030201', 'ff090909']
    expect(colours(frame.picture)).toEqual(
      [dark, dark, inked, inked, own, dark, dark, inked, dark, dark, inked, inked].map(String),
    )
    expect(frame.dirty).toContainEqual({ x: 1, y: 0, width: 3, height: 3 })
  })

  it('counts long runs on from where their codes end', () => {
    for (const kind of ['run', 'skip'] as const) {
      for (const length of [1, 29, 30, 31, 32, 33, 158, 159, 160, 161, 16_383]) {
        const picture = open(length, 1)
        const run = encodeRun(kind, length)
        expect(problemOf(() => apply(picture, commands.rect(whole(picture), run)))).toBeUndefined()
        expect(problemOf(() => apply(picture, commands.rect(whole(picture), [...run, 0])))).toBe('unknown-command')
      }
    }
  })

  it('says what the canvas is to show', () => {
    const picture = open(8, 8)
    const rect = { x: 1, y: 1, width: 2, height: 2 }
    const fill = commands.fill(rect, [1, 2, 3])
    const moving = apply(picture, fill, commands.motion(7), fill)
    expect(moving).toMatchObject({ picture: { epoch: 7 }, dirty: [rect], showsAll: false })
    expect(apply(moving.picture, fill).dirty).toEqual([])
    expect(apply(undefined, commands.size(4, 4), commands.motion(1)).hasContent).toBe(false)
    expect(apply(undefined, commands.size(4, 4), fill).hasContent).toBe(true)
    const still = apply(moving.picture, fill, commands.tiles(), fill)
    expect(still).toMatchObject({ picture: { epoch: undefined }, dirty: [rect], showsAll: false })
    expect(apply(still.picture, fill, commands.exact(), fill)).toMatchObject({ dirty: [], showsAll: true })
    expect(apply(moving.picture, commands.size(4, 4))).toMatchObject({
      picture: { width: 4, height: 4, epoch: undefined },
      showsAll: true,
    })
  })

  it('tells a great many rectangles as one', () => {
    const picture = open(100, 100)
    const many = Array.from({ length: 3_000 }, (_, at) =>
      commands.fill({ x: at % 50, y: 10 + (at % 7), width: 1, height: 1 }, [1, 2, 3]),
    )
    const { dirty } = apply(picture, ...many)
    expect(dirty.length).toBeLessThanOrEqual(512)
    expect(dirty[0]).toEqual({ x: 0, y: 10, width: 50, height: 7 })
  })
})

it('repeats the rows of the rectangle before, also over frames, and the row above where a body ends early', () => {
  const rect = { x: 1, y: 2, width: 6, height: 5 }
  const white = [PIXELS.diff + 0b010101]
  const { picture: first } = apply(undefined, [
    ...commands.size(10, 10),
    ...commands.rect(rect, [...white, ...encodeRun('run', 5)]),
  ])
  const { picture } = applyFrame(first, Uint8Array.of(8, 8, 2, ...white, ...encodeRun('run', 2)))
  const rows = Array.from({ length: 10 }, (_, y) =>
    [...picture.pixels.subarray(y * 10, y * 10 + 10)].map(pixel => (pixel >>> 0 === 0xffffffff ? '#' : '.')).join(''),
  )
  expect(rows).toEqual([...Array(2).fill('..........'), ...Array(5).fill('.######.##'), ...Array(3).fill('..........')])
})

describe('hostile bodies', () => {
  const rect = { x: 0, y: 0, width: 4, height: 2 }
  const cases: readonly [TilesProblem, ...number[][]][] = [
    ['unknown-command', [0]],
    ['unknown-command', [10]],
    ['nothing-above', [8, 0, 4, 0]],
    ['unknown-command', [255]],
    ['bad-size', commands.size(0, 5)],
    ['bad-size', commands.size(16_385, 1)],
    ['bad-size', commands.size(16_384, 16_384)],
    ['bad-size', commands.size(9, 9), commands.size(9, 9)],
    ['bad-number', [1, 0x80, 0x80, 0x80, 0x80, 1]],
    ['body-truncated', [1, 0x80]],
    ['body-truncated', [5]],
    ['outside', commands.fill({ ...rect, x: 13 }, [0, 0, 0])],
    ['outside', commands.fill({ ...rect, width: 0 }, [0, 0, 0])],
    ['outside', commands.fill({ ...rect, height: 0 }, [0, 0, 0])],
    ['outside', commands.fill({ ...rect, y: 2 ** 28 - 1 }, [0, 0, 0])],
    ['outside', commands.stencil({ ...rect, x: 13 }, [0, 0, 0], [0xff])],
    ['outside', commands.stencil({ ...rect, width: 0 }, [0, 0, 0], [])],
    ['body-truncated', commands.stencil(rect, [0, 0, 0], [])],
    ['body-truncated', commands.stencil({ ...rect, width: 5 }, [0, 0, 0], [0xff])],
    ['body-truncated', commands.stencil(rect, [0, 0, 0], []).slice(0, -1)],
    ['outside', commands.copy(rect, 13, 0)],
    ['outside', commands.copy({ ...rect, y: 15 }, 0, 0)],
    ['body-truncated', commands.fill(rect, [0, 0, 0]).slice(0, -1)],
    ['body-truncated', commands.rect(rect, encodeRun('run', 3))],
    ['body-truncated', commands.rect(rect, [PIXELS.rgb, 1, 2])],
    ['body-truncated', commands.rect(rect, [PIXELS.luma])],
    ['body-truncated', commands.rect(rect, [PIXELS.run + 31, 0x80])],
    ['run-too-long', commands.rect(rect, encodeRun('run', 9))],
    ['run-too-long', commands.rect(rect, encodeRun('skip', 9))],
    ['run-too-long', commands.rect(rect, [...encodeRun('skip', 4), ...encodeRun('up', 2 ** 28 - 1)])],
    ['nothing-above', commands.rect(rect, [...encodeRun('skip', 3), ...encodeRun('up', 2)])],
    ['bad-number', commands.rect(rect, [PIXELS.skip + 30, 0xff, 0xff, 0xff, 0xff, 0])],
  ]

  it.each(cases.map(([problem, ...body], at) => ({ at, problem, body })))('$at: $problem', ({ problem, body }) => {
    expect(problemOf(() => apply(open(16, 16), ...body))).toBe(problem)
  })

  it('before a size there is nothing to draw on', () => {
    for (const body of [[], commands.fill(rect, [0, 0, 0]), commands.exact(), commands.tiles(), commands.motion(1)])
      expect(problemOf(() => apply(undefined, body))).toBe('no-size')
  })

  it('a few bytes can’t ask for hours of copying', () => {
    const picture = open(2_000, 1_000)
    const copy = commands.copy({ x: 0, y: 0, width: 2_000, height: 999 }, 0, 1)
    expect(problemOf(() => apply(picture, ...Array.from({ length: 16 }, () => copy)))).toBeUndefined()
    expect(problemOf(() => apply(picture, ...Array.from({ length: 100_000 }, () => copy)))).toBe('too-much-work')
  })

  it('ten thousand mutated bodies give a picture or a named problem', () => {
    const before = open(40, 30)
    const after = clone(before)
    for (let at = 0; at < after.pixels.length; at++)
      after.pixels[at] = (at * 7) % 11 < 6 ? pixelOf(at & 255, (at * 3) & 255, 9) : pixelOf(40, 44, 52)
    const part = { x: 3, y: 2, width: 31, height: 21 }
    const sound = Uint8Array.from([
      ...commands.rect(part, encodePixels(before, after, part)),
      ...commands.copy(part, 5, 9),
      ...commands.motion(3),
      ...commands.fill(part, [1, 2, 3]),
      ...commands.stencil({ ...part, width: 9, height: 5 }, [7, 8, 9], [1, 2, 4, 8, 255, 0]),
      ...commands.tiles(),
      ...commands.exact(),
    ])
    let refused = 0
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(sound.length),
        fc.nat(20),
        (changes, start, removed) => {
          const body = sound.slice()
          for (const [at, value] of changes) body[at] = value
          const mutated = Uint8Array.from([...body.slice(0, start), ...body.slice(start + removed)])
          const guard = new Uint32Array(40 * 30 + 400).fill(0xdecade)
          const pixels = guard.subarray(200, 200 + 40 * 30)
          if (problemOf(() => applyFrame({ ...before, pixels }, mutated))) refused++
          expect(guard.subarray(0, 200).every(value => value === 0xdecade)).toBe(true)
          expect(guard.subarray(200 + 40 * 30).every(value => value === 0xdecade)).toBe(true)
        },
      ),
      { numRuns: 10_000 },
    )
    expect(refused).toBeGreaterThan(100)
  })
})

describe('messages', () => {
  const body = Array.from({ length: 1_000 }, (_, at) => at % 251)

  it('join to the frames that they were cut from', () => {
    const assembler = new FrameAssembler()
    for (let frame = 0; frame < 600; frame++) {
      const messages = frameMessages(body, { messageBytes: 2 + (frame % 400) })
      const results = messages.map(message => assembler.add(message))
      expect(results.slice(0, -1).every(result => result === undefined)).toBe(true)
      expect(results.at(-1)).toEqual({ sequence: frame % 256, isDeflated: false, body: Uint8Array.from(body) })
    }
  })

  it('out of order, of another frame or of no frame at all are refused', () => {
    const [first, middle, last] = frameMessages(body, { messageBytes: 400 }) as [
      Uint8Array<ArrayBuffer>,
      Uint8Array<ArrayBuffer>,
      Uint8Array<ArrayBuffer>,
    ]
    const feed = (...messages: Uint8Array<ArrayBuffer>[]) => {
      const assembler = new FrameAssembler()
      return problemOf(() => {
        for (const message of messages) assembler.add(message)
      })
    }
    const changed = (message: Uint8Array, at: number, value: number) => {
      const copy = Uint8Array.from(message)
      copy[at] = value
      return copy
    }
    expect(feed(first, middle, last)).toBeUndefined()
    expect(feed(middle)).toBe('bad-message')
    expect(feed(last)).toBe('bad-message')
    expect(feed(first, first)).toBe('bad-message')
    expect(feed(first, middle, last, last)).toBe('bad-message')
    expect(feed(first, changed(middle, 0, 4))).toBe('bad-message')
    expect(feed(changed(first, 0, 8 | 1))).toBe('bad-message')
    expect(feed(Uint8Array.of())).toBe('bad-message')
    expect(feed(Uint8Array.of(3))).toBe('bad-message')
    expect(feed(first, Uint8Array.of(0))).toBe('bad-message')
    expect(feed(new Uint8Array(TILES_MESSAGE_MAX_BYTES + 1).fill(3, 0, 1))).toBe('bad-message')
  })

  it('of a frame without end are refused at four mebibytes', () => {
    const assembler = new FrameAssembler()
    assembler.add(Uint8Array.of(1, 9))
    const message = new Uint8Array(TILES_MESSAGE_MAX_BYTES)
    const most = Math.floor((TILES_FRAME_MAX_BYTES - 1) / (TILES_MESSAGE_MAX_BYTES - 1))
    for (let count = 0; count < most; count++) assembler.add(message)
    expect(problemOf(() => assembler.add(message))).toBe('frame-too-large')
  })

  it('an acknowledgement is two bytes', () => {
    expect(parseAck(encodeAck(200))).toBe(200)
    for (const frameNumber of [0, 255, 256, 65_535]) expect(parseSeen(encodeSeen(frameNumber))).toBe(frameNumber)
    for (const hostile of [[], [1], [1, 0], [0, 1, 2], [1, 0, 0, 0]])
      expect(parseSeen(Uint8Array.from(hostile))).toBeUndefined()
    for (const hostile of [[], [0], [1, 0], [0, 1, 2]]) expect(parseAck(Uint8Array.from(hostile))).toBeUndefined()
    expect(parseMessageHeader(Uint8Array.of(7, 9))).toEqual({ isFirst: true, isLast: true, isDeflated: true })
    expect(varint(300)).toEqual([0xac, 2])
  })
})

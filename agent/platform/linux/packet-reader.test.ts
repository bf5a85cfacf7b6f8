import { afterEach, beforeEach, expect, test } from 'vitest'
import { seededRandom } from '#testing/seeded-random.ts'
import { startXDisplay, type XDisplay } from '#testing/x-display.ts'
import { openPainter, type Painter } from '#testing/x-display-painter.ts'
import { XConnection } from './connection.ts'
import { DamageWatch } from './damage.ts'
import { ShmSegment } from './shm-segment.ts'

const ROUNDS = 60
const NO_WINDOW = 0x1fffff
const ALL_PLANES = 0xffffffff

let display: XDisplay
let painter: Painter
let connection: XConnection
let reported: Error[]

beforeEach(async () => {
  display = await startXDisplay({ width: 320, height: 240 })
  painter = await openPainter(display.name)
  reported = []
  connection = await XConnection.open(display.name, problem => reported.push(problem))
})

afterEach(async () => {
  await connection.close()
  await painter.close()
  await display.stop()
})

/** What the socket brings comes in pieces, cut anywhere. */
function cutReads(random: () => number): void {
  const { pack_stream } = connection.client
  const read = pack_stream.write
  pack_stream.write = chunk => {
    for (let at = 0; at < chunk.length; ) {
      const end = Math.min(chunk.length, at + 1 + Math.floor(random() ** 3 * 90))
      read(chunk.subarray(at, end))
      at = end
    }
  }
}

const askAll = async () => {
  const { client, screen } = connection
  const [geometry, atom, image, refused, tree] = await Promise.all([
    connection.ask<{ width: number }>(answer => client.GetGeometry(screen.root, answer as never)),
    connection.ask<number>(answer => client.InternAtom(false, 'HANDHOLD_PACKETS', answer)),
    connection.ask<{ data: Buffer }>(answer =>
      client.GetImage(2, screen.root, 5, 5, 9, 7, ALL_PLANES, answer as never),
    ),
    connection
      .ask(answer => client.GetGeometry(NO_WINDOW, answer as never))
      .catch((error: { error?: number }) => error.error),
    connection.ask<{ children: number[] }>(answer => client.QueryTree(screen.root, answer)),
  ])
  return { width: geometry.width, atom, image: image.data.toString('hex'), refused, windows: tree.children.length }
}

test('answers, errors and events reach whoever waits for them, however the bytes come', async () => {
  await painter.fill([{ x: 0, y: 0, width: 320, height: 240, colour: 0x336699 }])
  const expected = await askAll()
  expect(expected).toMatchObject({ width: 320, refused: 9, windows: 1 })
  cutReads(seededRandom(7))
  let damages = 0
  const watch = await DamageWatch.open(connection, connection.screen.root, () => damages++)
  const segment = await ShmSegment.open(connection, 320 * 240 * 4)
  // A new watch begins with everything.
  await watch.take()
  damages = 0
  for (let round = 0; round < ROUNDS; round++) {
    const rect = { x: round, y: 2 * round, width: 10, height: 3 }
    await painter.fill([{ ...rect, colour: 0x010203 * (round + 1) }])
    await connection.sync()
    expect(damages).toBe(round + 1)
    const rects = [rect, { ...rect, y: rect.y + 1, height: 1 }]
    const filled = segment.fill(connection.screen.root, rects, [0, 160])
    const [all, damaged] = await Promise.all([askAll(), watch.take(), filled])
    expect(damaged).toEqual([rect])
    expect({ ...all, image: '' }).toEqual({ ...expected, image: '' })
    const pixels = Buffer.alloc(200)
    segment.read(pixels, 0)
    expect(pixels.subarray(0, 3).toString('hex')).toBe(pixels.subarray(160, 163).toString('hex'))
    expect(pixels.readUIntLE(0, 3)).toBe(0x010203 * (round + 1))
  }
  segment.close()
  watch.close()
  await connection.sync()
  expect(reported).toEqual([])
})

test('of several pictures that are asked for together, one that lies outside of the screen refuses all', async () => {
  const segment = await ShmSegment.open(connection, 320 * 240 * 4)
  const inside = { x: 0, y: 0, width: 4, height: 4 }
  const outside = { x: 318, y: 0, width: 4, height: 4 }
  for (const rects of [
    [outside, inside],
    [inside, outside],
  ])
    await expect(segment.fill(connection.screen.root, rects, [0, 64])).rejects.toMatchObject({ error: 8 })
  await segment.fill(connection.screen.root, [inside, inside], [0, 64])
  segment.close()
  expect(reported).toEqual([])
})

test('a program that throws at an answer loses no other', async () => {
  const { client, screen } = connection
  const answers: string[] = []
  connection.tell(() => {
    client.GetGeometry(screen.root, (() => {
      throw new Error('from an answer')
    }) as never)
    client.GetGeometry(screen.root, (() => answers.push('second')) as never)
  })
  const thrown = new Promise<Error>(resolve => {
    const read = client.pack_stream.write
    client.pack_stream.write = chunk => {
      try {
        read(chunk)
      } catch (error) {
        resolve(error as Error)
      }
    }
  })
  expect((await thrown).message).toBe('from an answer')
  await connection.sync()
  expect(answers).toEqual(['second'])
})

import { expect, test, vi } from 'vitest'
import { TilesError, type TilesProblem } from '#protocol/peer/tiles.ts'
import { frameMessages } from '#testing/tiles-encoder.ts'
import { inflateBody } from './inflate-body.ts'
import { TilesReader } from './tiles-reader.ts'

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

async function deflatedFrame(body: readonly number[], messageBytes?: number) {
  return frameMessages(await deflate(Uint8Array.from(body)), { isDeflated: true, messageBytes })
}

function open(onFrame: (body: Uint8Array) => void = () => undefined) {
  const frames: number[][] = []
  const problems: TilesProblem[] = []
  const reader = new TilesReader({
    onFrame: (body, { sequence }) => {
      onFrame(body)
      frames.push([sequence, ...body])
    },
    onProblem: problem => problems.push(problem),
  })
  const feed = (messages: readonly Uint8Array[]) => {
    for (const message of messages) reader.handleMessage(Uint8Array.from(message).buffer)
  }
  return { reader, frames, problems, feed }
}

test('frames come in their order, whether they were deflated or not', async () => {
  const { frames, problems, feed } = open()
  const large = Array.from({ length: 9_000 }, (_, at) => at % 256)
  const second = await deflatedFrame(large, 60)
  const fourth = await deflatedFrame([3])
  feed(frameMessages([1]))
  expect(frames).toEqual([[0, 1]])
  feed(second)
  feed(frameMessages([2]))
  feed(fourth)
  feed(frameMessages([4]))
  await vi.waitFor(() => expect(frames).toHaveLength(5))
  expect(frames.map(([sequence]) => sequence)).toEqual([0, 1, 2, 3, 4])
  expect(frames[1]?.slice(1)).toEqual(large)
  feed(frameMessages([5]))
  expect(frames.at(-1)).toEqual([5, 5])
  expect(problems).toEqual([])
})

test('what can’t be read ends it once, with a name', async () => {
  const cases: [TilesProblem, Uint8Array[]][] = [
    ['bad-message', [Uint8Array.of(9, 1)]],
    ['bad-message', [Uint8Array.of(1, 1), Uint8Array.of(1, 1)]],
    ['bad-deflate', [Uint8Array.of(7, 255, 255, 255)]],
    ['bad-deflate', (await deflatedFrame(Array(500).fill(3))).map(message => message.subarray(0, -2))],
  ]
  for (const [problem, messages] of cases) {
    const { problems, feed } = open()
    feed(messages)
    await vi.waitFor(() => expect(problems).toEqual([problem]))
    feed(messages)
    expect(problems).toHaveLength(1)
  }
  const text = open()
  text.reader.handleMessage('text')
  expect(text.problems).toEqual(['bad-message'])
})

test('nothing is delivered after a problem or after close', async () => {
  const failing = open(() => {
    throw new TilesError('outside')
  })
  failing.feed(await deflatedFrame([1]))
  failing.feed(await deflatedFrame([2]))
  await vi.waitFor(() => expect(failing.problems).toEqual(['outside']))
  const memory = open(() => {
    throw new RangeError('Array buffer allocation failed')
  })
  memory.feed(frameMessages([1]))
  expect(memory.problems).toEqual(['bad-size'])
  const closed = open()
  closed.feed(await deflatedFrame([1]))
  closed.reader.close()
  closed.feed(frameMessages([1]))
  // The same bytes, given later to a reader that is open, are there: those of the closed one had their time.
  const witness = open()
  witness.feed(await deflatedFrame([1]))
  await vi.waitFor(() => expect(witness.frames).toHaveLength(1))
  expect([...closed.frames, ...closed.problems]).toEqual([])
})

test('a body unfolds up to its limit and not a byte further', async () => {
  expect(await inflateBody(await deflate(new Uint8Array(1_000_000)), 1_000_000)).toHaveLength(1_000_000)
  const refusal = await inflateBody(await deflate(new Uint8Array(1_000_001)), 1_000_000).catch(
    (thrown: unknown) => thrown,
  )
  expect(refusal).toMatchObject({ problem: 'body-too-large' })
})

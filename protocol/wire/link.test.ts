import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { HandholdError } from '../errors.ts'
import { FRAME_MAX_BYTES, SDP_FRAME_MAX_BYTES } from '../limits.ts'
import { FramedLink, type LinkOptions } from './link.ts'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('greet'), name: z.string() }),
  z.object({ type: z.literal('session.signal'), sdp: z.string() }),
])
type Message = z.infer<typeof schema>

interface End {
  link: FramedLink<Message, Message>
  received: Message[]
  closes: Array<[number, string]>
  violations: string[]
  timers: Array<() => void>
}

type Handle = (message: Message) => void | Promise<void>

/** Two links joined back to back; `handle` is the right one's handler. */
function pair(
  handle: Handle = () => undefined,
  more: Partial<LinkOptions<Message>> = {},
): { left: End; right: End; sent: string[] } {
  const sent: string[] = []
  const ends: { left?: End; right?: End } = {}
  const make = (other: 'left' | 'right', onMessage: Handle): End => {
    const end: Omit<End, 'link'> = { received: [], closes: [], violations: [], timers: [] }
    const link = new FramedLink<Message, Message>({
      transport: {
        send: text => {
          sent.push(text)
          queueMicrotask(() => ends[other]?.link.receive(text))
        },
        close: (code, reason) => void end.closes.push([code, reason]),
      },
      incoming: schema,
      onMessage: message => {
        end.received.push(message)
        return onMessage(message)
      },
      onViolation: error => void end.violations.push(error.code),
      setTimer: run => {
        end.timers.push(run)
        return () => end.timers.splice(end.timers.indexOf(run), 1)
      },
      ...more,
    })
    return { ...end, link }
  }
  const left = make('right', () => undefined)
  const right = make('left', handle)
  Object.assign(ends, { left, right })
  return { left, right, sent }
}

const greeting: Message = { type: 'greet', name: 'Ada' }

describe('FramedLink', () => {
  let ends: ReturnType<typeof pair>
  beforeEach(() => {
    ends = pair()
  })

  it('acknowledges a handled message', async () => {
    await ends.left.link.request(greeting)
    expect(ends.right.received).toEqual([greeting])
    expect(ends.left.timers).toEqual([])
  })

  it('answers a refused message with its code and stays open', async () => {
    const { left, right } = pair(() => {
      throw new HandholdError('device-busy', 'Somebody is on it.')
    })
    await expect(left.link.request(greeting)).rejects.toMatchObject({
      code: 'device-busy',
      message: 'Somebody is on it.',
    })
    expect(right.closes).toEqual([])
  })

  it('says nothing of an unexpected failure', async () => {
    const { left } = pair(() => {
      throw new Error('password=hunter2')
    })
    const refusal = await left.link.request(greeting).catch((thrown: HandholdError) => thrown)
    expect(refusal).toMatchObject({ code: 'internal' })
    expect(String((refusal as Error).message)).not.toContain('hunter2')
  })

  it('handles messages in their order, one at a time', async () => {
    const order: string[] = []
    const { left } = pair(async message => {
      const name = message.type === 'greet' ? message.name : ''
      order.push(`start ${name}`)
      await Promise.resolve()
      order.push(`end ${name}`)
    })
    await Promise.all(['a', 'b'].map(name => left.link.request({ type: 'greet', name })))
    expect(order).toEqual(['start a', 'end a', 'start b', 'end b'])
  })

  it('A35 a message that is never answered holds up its own lane alone', async () => {
    const handled: string[] = []
    const laneOf = (message: Message) => (message.type === 'greet' ? message.name : '')
    const { left } = pair(
      message => {
        handled.push(laneOf(message))
        return laneOf(message) === 'slow' ? new Promise<void>(() => undefined) : undefined
      },
      { laneOf },
    )
    for (const name of ['slow', 'slow']) left.link.notify({ type: 'greet', name })
    await left.link.request({ type: 'greet', name: 'other' })
    expect(handled).toEqual(['slow', 'other'])
  })

  it('A43 a peer that sends on while nothing of it is handled is given up, and one whose messages are handled is not', async () => {
    const waits: Array<() => void> = []
    const { left, right } = pair(() => new Promise<void>(resolve => void waits.push(resolve)), {
      unhandledMaxBytes: 20_000,
    })
    for (let sent = 0; sent < 50; sent++) {
      const handled = left.link.request(greeting)
      await vi.waitFor(() => expect(waits).toHaveLength(sent + 1))
      waits[sent]?.()
      await handled
    }
    for (let sent = 0; sent < 5; sent++) left.link.notify({ type: 'session.signal', sdp: 'x'.repeat(3_000) })
    await vi.waitFor(() => expect(right.closes).toEqual([[4429, 'rate-limited']]))
    expect(right.violations).toEqual(['rate-limited'])
  })

  it('A162 whatever order answers come in, twice or never: each request ends once, with its own', async () => {
    const answers = fc.array(fc.record({ re: fc.integer({ min: 1, max: 12 }), refused: fc.boolean() }), {
      maxLength: 30,
    })
    await fc.assert(
      fc.asyncProperty(answers, async given => {
        const timers = new Set<() => void>()
        const link = new FramedLink<Message, Message>({
          transport: { send: () => undefined, close: () => undefined },
          incoming: schema,
          onMessage: () => undefined,
          setTimer: run => {
            timers.add(run)
            return () => timers.delete(run)
          },
        })
        const ends: string[][] = Array.from({ length: 8 }, () => [])
        for (const end of ends)
          link.request(greeting).then(
            () => end.push('done'),
            thrown => end.push(thrown.code),
          )
        const error = { code: 'device-busy', message: 'Somebody is on it.' }
        for (const { re, refused } of given)
          link.receive(JSON.stringify(refused ? { type: 'error', re, error } : { type: 'ack', re }))
        for (const run of [...timers]) run()
        await Promise.resolve()
        await Promise.resolve()
        const firstOf = (re: number) => given.find(answer => answer.re === re)
        const expected = ends.map((_, index) => {
          const first = firstOf(index + 1)
          return [first === undefined ? 'timeout' : first.refused ? 'device-busy' : 'done']
        })
        expect(ends).toEqual(expected)
        expect(timers.size).toBe(0)
      }),
    )
  })

  it('gives up waiting for an answer', async () => {
    const { left } = pair(() => new Promise<void>(() => undefined))
    const waiting = left.link.request(greeting)
    left.timers[0]?.()
    await expect(waiting).rejects.toMatchObject({ code: 'timeout' })
  })

  it('rejects everything that waits when the socket is gone, twice included', async () => {
    const { left } = pair(() => new Promise<void>(() => undefined))
    const waiting = left.link.request(greeting)
    left.link.closed()
    left.link.closed()
    await expect(waiting).rejects.toMatchObject({ code: 'link-closed' })
    await expect(left.link.request(greeting)).rejects.toMatchObject({ code: 'link-closed' })
  })
})

describe('FramedLink and hostile frames', () => {
  const longName = 'x'.repeat(FRAME_MAX_BYTES)

  it.each([
    ['no JSON', '{', 'bad-frame'],
    ['an array', '[]', 'bad-frame'],
    ['null', 'null', 'bad-frame'],
    ['an unknown type', '{"id":1,"type":"grant-consent"}', 'bad-frame'],
    ['no id', '{"type":"greet","name":"a"}', 'bad-frame'],
    ['an id of zero', '{"id":0,"type":"greet","name":"a"}', 'bad-frame'],
    ['an id that is no number', '{"id":"1","type":"greet","name":"a"}', 'bad-frame'],
    ['an infinite id', '{"id":1e400,"type":"greet","name":"a"}', 'bad-frame'],
    ['a type from the prototype', '{"id":1,"type":"__proto__"}', 'bad-frame'],
    ['a broken answer', '{"type":"ack","re":-1}', 'bad-frame'],
    ['depth', `${'['.repeat(5000)}${']'.repeat(5000)}`, 'bad-frame'],
    ['a long frame', `{"id":1,"type":"greet","name":"${longName}"}`, 'frame-too-large'],
    [
      'a frame over every limit',
      `{"id":1,"type":"session.signal","sdp":"${'x'.repeat(SDP_FRAME_MAX_BYTES)}"}`,
      'frame-too-large',
    ],
  ])('A32 closes on %s', (_, frame, code) => {
    const { right } = pair()
    right.link.receive(frame)
    expect(right.violations).toEqual([code])
    expect(right.closes).toHaveLength(1)
    expect(right.received).toEqual([])
  })

  it('takes a large signal', async () => {
    const { left, right } = pair()
    await left.link.request({ type: 'session.signal', sdp: 'x'.repeat(FRAME_MAX_BYTES) })
    expect(right.received).toHaveLength(1)
  })

  it('ignores answers to nothing', () => {
    const { right } = pair()
    right.link.receive('{"type":"ack","re":77}')
    right.link.receive('{"type":"error","re":null,"error":{"code":"internal","message":""}}')
    expect(right.closes).toEqual([])
  })

  it('A32 changes no prototype and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), text => {
        const { right } = pair()
        right.link.receive(text)
        right.link.receive('{"id":1,"type":"greet","name":"a","__proto__":{"polluted":true}}')
      }),
    )
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})

import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import { createBridge } from './bridge.ts'
import type { BridgeTransport } from './checked-bridge.ts'
import type { CallHandlers, IpcContract } from './contract.ts'
import { createDispatcher, encodeEvent } from './dispatch.ts'
import { CALL_MAX_CHARACTERS, CALLS_IN_FLIGHT_MAX } from './limits.ts'

const contract = {
  calls: {
    add: { args: z.strictObject({ a: z.number(), b: z.number() }), result: z.object({ sum: z.number() }) },
    ping: { args: z.undefined(), result: z.undefined() },
    echo: { args: z.strictObject({ text: z.string() }), result: z.string() },
    wait: { args: z.undefined(), result: z.undefined() },
  },
  events: { changed: z.object({ count: z.number() }) },
} as const satisfies IpcContract

function connect(own: Partial<CallHandlers<typeof contract>> = {}) {
  const refused: [string, unknown][] = []
  const handlers: CallHandlers<typeof contract> = {
    // More than was promised: it stays in main.
    add: ({ a, b }) => ({ sum: a + b, path: '/secret' }) as { sum: number },
    ping: () => undefined,
    echo: ({ text }) => text,
    wait: () => new Promise<undefined>(() => undefined),
    ...own,
  }
  const dispatcher = createDispatcher(contract, handlers, (call, thrown) => void refused.push([call, thrown]))
  let deliver: (message: string) => void = () => undefined
  const sent: string[] = []
  const transport: BridgeTransport = {
    send(message) {
      sent.push(message)
      void dispatcher.handle(message).then(reply => reply !== undefined && deliver(reply))
    },
    receive: listener => {
      deliver = listener
    },
  }
  return {
    bridge: createBridge(contract, transport),
    deliver: (text: string) => deliver(text),
    dispatcher,
    refused,
    sent,
  }
}

describe('bridge and dispatcher', () => {
  it('carry arguments and the promised part of a result', async () => {
    const { bridge } = connect()
    expect(await bridge.call.add({ a: 1, b: 2 })).toEqual({ sum: 3 })
    expect(await bridge.call.ping(undefined)).toBeUndefined()
  })

  it('reject with the code and the words of a refusal, and hide every other failure', async () => {
    const { bridge, refused } = connect({
      ping: () => {
        throw new HandholdError('device-offline', 'Wait until it is on.')
      },
      echo: () => {
        throw new Error('/etc/secret is missing')
      },
    })
    await expect(bridge.call.ping(undefined)).rejects.toEqual({
      code: 'device-offline',
      message: 'Wait until it is on.',
    })
    await expect(bridge.call.echo({ text: 'x' })).rejects.toEqual(expect.objectContaining({ code: 'internal' }))
    await expect(bridge.call.echo({ text: 'x' })).rejects.not.toEqual(
      expect.objectContaining({ message: expect.stringContaining('secret') }),
    )
    expect(refused.map(([call]) => call)).toEqual(['ping', 'echo', 'echo'])
  })

  it('refuse a result that was not promised', async () => {
    const { bridge } = connect({ echo: () => 1 as never })
    await expect(bridge.call.echo({ text: 'x' })).rejects.toHaveProperty('code', 'internal')
  })

  it('A107 refuse arguments that a contract does not name, before any handler', async () => {
    const echo = vi.fn<CallHandlers<typeof contract>['echo']>()
    const { bridge } = connect({ echo })
    const hostile: unknown[] = [
      undefined,
      { text: 1 },
      { text: 'x', more: 1 },
      JSON.parse('{"text":"x","__proto__":{"polluted":true}}'),
      { text: { toString: () => 'x' } },
      ['text'],
    ]
    for (const args of hostile)
      await expect(bridge.call.echo(args as never)).rejects.toHaveProperty('code', 'bad-request')
    const cycle: Record<string, unknown> = {}
    cycle.text = cycle
    const throwing = {
      get text(): string {
        throw new Error('getter')
      },
    }
    for (const args of [cycle, throwing, { text: 1n }]) {
      await expect(bridge.call.echo(args as never)).rejects.toHaveProperty('code', 'bad-request')
    }
    expect(echo).not.toHaveBeenCalled()
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('A107 refuse a hundred megabytes on both sides', async () => {
    const { bridge, dispatcher, refused, sent } = connect()
    const text = 'x'.repeat(100_000_000)
    await expect(bridge.call.echo({ text })).rejects.toHaveProperty('code', 'frame-too-large')
    expect(sent).toEqual([])
    expect(await dispatcher.handle(JSON.stringify({ id: 1, call: 'echo', args: { text } }))).toBeUndefined()
    expect(refused[0]?.[1]).toHaveProperty('code', 'frame-too-large')
    expect(CALL_MAX_CHARACTERS).toBeLessThan(1_000_000)
  })

  it('A107 know no call but those of the contract', async () => {
    const { dispatcher } = connect()
    for (const call of ['nothing', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '']) {
      const reply = JSON.parse((await dispatcher.handle(JSON.stringify({ id: 1, call }))) ?? 'null')
      expect([call, reply?.error?.code]).toEqual([call, 'not-found'])
    }
  })

  it('A32 survive what is no call at all', async () => {
    const { dispatcher } = connect()
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`
    const messages = [1, null, {}, '', '{', '[]', '{"id":-1,"call":"ping"}', '{"id":1e400,"call":"ping"}', deep]
    const more = ['{"id":1,"call":"ping","extra":1}', '{"id":"1","call":"ping"}', `{"id":1,"call":"${'x'.repeat(65)}"}`]
    for (const message of [...messages, ...more]) expect(await dispatcher.handle(message)).toBeUndefined()
    const reply = await dispatcher.handle(`{"id":1,"call":"echo","args":${deep}}`)
    expect(JSON.parse(reply ?? '').error.code).toBe('bad-request')
  })

  it('stop taking calls while too many wait', async () => {
    const { bridge, dispatcher } = connect()
    for (let count = 0; count < CALLS_IN_FLIGHT_MAX; count++) void bridge.call.wait(undefined)
    await expect(bridge.call.ping(undefined)).rejects.toHaveProperty('code', 'rate-limited')
    const reply = await dispatcher.handle('{"id":999,"call":"ping"}')
    expect(JSON.parse(reply ?? '').error.code).toBe('rate-limited')
  })

  it('deliver events to each subscription once, until it ends', () => {
    const { bridge, deliver } = connect()
    const listener = vi.fn()
    const stop = [bridge.on.changed(listener), bridge.on.changed(listener)]
    deliver(encodeEvent(contract, 'changed', { count: 1, path: '/secret' } as { count: number }))
    expect(listener.mock.calls).toEqual([[{ count: 1 }], [{ count: 1 }]])
    stop[0]?.()
    stop[0]?.()
    deliver(encodeEvent(contract, 'changed', { count: 2 }))
    expect(listener).toHaveBeenCalledTimes(3)
  })

  it('drop events and answers that fit nothing', async () => {
    const { bridge, deliver } = connect()
    const listener = vi.fn()
    bridge.on.changed(listener)
    const nonsense = ['', 'null', '{"event":"changed","payload":{"count":"1"}}', '{"event":"__proto__","payload":1}']
    for (const text of [...nonsense, '{"id":77,"ok":true,"result":1}']) deliver(text)
    expect(listener).not.toHaveBeenCalled()
    expect(() => encodeEvent(contract, 'changed', { count: 'x' } as never)).toThrow()
    expect(() => bridge.on.changed(1 as never)).toThrow(TypeError)
  })

  it('A107 expose the contract, frozen, and nothing else', () => {
    const { bridge } = connect()
    expect(Object.keys(bridge)).toEqual(['call', 'on'])
    expect(Object.keys(bridge.call)).toEqual(Object.keys(contract.calls))
    expect(Object.keys(bridge.on)).toEqual(Object.keys(contract.events))
    for (const part of [bridge, bridge.call, bridge.on]) expect(Object.isFrozen(part)).toBe(true)
  })
})

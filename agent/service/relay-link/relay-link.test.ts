import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { PROTOCOL_VERSION } from '#protocol/version.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { makeNonce } from '#testing/relay.ts'
import { waitFor } from '#testing/wait-for.ts'
import { type Clock, systemClock } from '../../links/clock.ts'
import { RelayLink, type RelayLinkOptions } from './relay-link.ts'

let server: Server | undefined
let link: RelayLink | undefined
afterEach(() => {
  link?.stop()
  server?.closeAllConnections()
  server?.close()
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const heapBytes = () => {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

function openLink(
  relayUrl: string,
  clock: Clock,
  random: () => number,
  onProblem: () => void = () => undefined,
): RelayLink {
  const options: RelayLinkOptions = {
    relayUrl,
    clock,
    random,
    log: pino({ level: 'silent' }),
    makeHello: () => Promise.reject(new Error('there is no hello')),
    onWelcome: () => undefined,
    onMessage: async () => undefined,
    onProblem,
    onRemoved: () => undefined,
    onQuarantined: () => undefined,
  }
  link = new RelayLink(options)
  return link
}

async function listen(retryAfter?: string): Promise<string> {
  const refusing = createServer()
  refusing.on('upgrade', (_, socket) => {
    const hint = retryAfter === undefined ? '' : `retry-after: ${retryAfter}\r\n`
    socket.end(`HTTP/1.1 503 Service Unavailable\r\n${hint}connection: close\r\n\r\n`)
  })
  server = refusing
  await new Promise<void>(resolve => refusing.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`
}

/** Notes the waits between tries and cuts them to nothing. */
function hurriedClock(onWait: (delayMs: number) => void): Clock {
  return {
    ...systemClock,
    setTimer(run, delayMs) {
      onWait(delayMs)
      const immediate = setImmediate(run)
      return () => clearImmediate(immediate)
    },
  }
}

const WARM_UP_TRIES = 200

describe('relay link', () => {
  it('waits with full jitter, longer each time, up to a minute', async () => {
    const waits: number[] = []
    const done = Promise.withResolvers<void>()
    const clock = hurriedClock(delayMs => {
      waits.push(delayMs)
      if (waits.length === 9) done.resolve()
    })
    openLink(await listen(), clock, () => 0.5).start()
    await done.promise
    expect(waits.slice(0, 9)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  })

  it('waits as long as the relay asks for', async () => {
    const wait = Promise.withResolvers<number>()
    openLink(await listen('20'), hurriedClock(wait.resolve), () => 0).start()
    expect(await wait.promise).toBe(20_000)
  })

  it('A155 asks a relay that has gone silent after half a minute, gives it up after a whole one, and dials again', async () => {
    const http = createServer()
    server = http
    const sockets = new WebSocketServer({ server: http, autoPong: false })
    const dialled = () => once(sockets, 'connection').then(([socket]) => socket as WebSocket)
    await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
    const manual = new ManualClock()
    const greeted = Promise.withResolvers<void>()
    const clock: Clock = { ...systemClock, setTimer: manual.setTimer }
    const first = dialled()
    const { port } = http.address() as AddressInfo
    openLink(`http://127.0.0.1:${port}`, clock, () => 0, greeted.resolve).start()
    const silent = await first
    const said = { protocolVersion: PROTOCOL_VERSION, nonce: makeNonce(), serverTimeMs: Date.now() }
    silent.send(JSON.stringify({ type: 'hello', id: 1, ...said }))
    await greeted.promise
    manual.advance(30_000)
    await once(silent, 'ping')
    let isBack = false
    void dialled().then(() => {
      isBack = true
    })
    const gone = once(silent, 'close')
    manual.advance(29_999)
    expect(manual.pendingTimers).toBe(1)
    manual.advance(1)
    await gone
    await waitFor('another try', () => {
      manual.advance(1_000)
      return isBack
    })
    sockets.close()
  })

  it('keeps nothing while the relay is away: hundreds of failed tries leave the heap as it was', async () => {
    const url = await listen()
    const samples: number[] = []
    const done = Promise.withResolvers<void>()
    let tries = 0
    const clock = hurriedClock(() => {
      tries++
      link?.send({ type: 'session.event', sessionId: `ses_${'0'.repeat(26)}`, event: { type: 'torn-down' } })
      if (tries % WARM_UP_TRIES === 0) samples.push(heapBytes())
      if (tries === 3 * WARM_UP_TRIES) done.resolve()
    })
    openLink(url, clock, () => 0).start()
    await done.promise
    const [first = 0] = samples
    // What compiled code costs comes in the first tries; a socket that stays costs some 30 KiB a try, 12 MiB in these.
    expect((samples.at(-1) ?? Infinity) - first).toBeLessThan(3 * 1024 * 1024)
  })
})

import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { ReceivedTiles } from '#testing/received-tiles.ts'
import { Surface } from '../../pixels/surface.ts'
import type { ScreenFrame } from '../../platform/platform.ts'
import { limitsOf } from './picture-limits.ts'
import { ScreenEngine } from './screen-engine.ts'
import { TileChannel } from './tiles/tile-channel.ts'
import { VideoSender } from './video-sender.ts'

const SIZE = { width: 128, height: 64 }
const ALL = { x: 0, y: 0, ...SIZE }
const DISPLAY = { id: 'one', name: 'One', bounds: ALL, isPrimary: true, scale: 1 }

/** An engine with a screen whose frames the test makes, of which each is this much work, an operator that draws at once, and a video link that is up. */
function open({ preset = 'motion', workMs = 0 }: { preset?: 'motion' | 'automatic'; workMs?: number } = {}) {
  const clock = new ManualClock()
  const times = { setTimer: clock.setTimer, monotonicMs: clock.nowMs, wallMs: clock.nowMs }
  const surface = new Surface(SIZE.width, SIZE.height)
  const state = { encoded: 0, mode: 'tiles', cpuMs: 0 }
  let give: (frame: ScreenFrame) => void | Promise<void> = () => undefined
  const received = new ReceivedTiles(ack => void clock.setTimer(() => tiles.handleMessage(ack), 1))
  const tiles: TileChannel = new TileChannel(message => {
    received.handle(Uint8Array.from(message))
    return true
  }, times)
  const video = new VideoSender({
    clock: times,
    link: {
      source: { createTrack: () => ({ stop: () => undefined }), onFrame: () => state.encoded++ },
      codecs: ['VP8'],
      request: () => undefined,
      tune: async () => undefined,
      encoderStats: async () => undefined,
      release: () => undefined,
    },
  })
  const engine = new ScreenEngine({
    hasStencils: () => true,
    screen: {
      capture: (_, onFrame) => {
        give = onFrame
        return new Promise(() => undefined)
      },
    },
    tiles,
    video,
    clock: times,
    cpuMs: () => (state.cpuMs += workMs),
    limits: limitsOf({ type: 'picture-settings', preset }),
    onLive: () => undefined,
    onMode: mode => {
      state.mode = mode
    },
    onFailed: thrown => {
      throw thrown
    },
  })
  engine.run(DISPLAY)
  let isHandled = true
  /** Another picture every 20 ms, of which the engine gets those that it has time for. */
  const move = async (frames: number) => {
    for (let frame = 0; frame < frames; frame++) {
      surface.update(ALL, into => void into.set(randomBytes(into.length)))
      if (isHandled) {
        isHandled = false
        void Promise.resolve(give({ surface, damage: [ALL], capturedAtMs: clock.nowMs() })).then(() => {
          isHandled = true
        })
      }
      clock.advance(20)
      await new Promise(setImmediate)
    }
  }
  /** The operator decodes what was sent, each tenth of a second. */
  const see = async (frames: number) => {
    for (let frame = 0; frame < frames; frame++) {
      await move(5)
      engine.handleSeen(state.encoded)
    }
  }
  return { clock, engine, video, received, state, move, see }
}

describe('the change from tiles to video', () => {
  it('comes when the operator decodes video, with frames that are told from those before; until then tiles show what moves', async () => {
    const { engine, video, received, state, move, see } = open()
    await move(8)
    expect(state.encoded).toBeGreaterThan(0)
    const before = received.picture?.pixels.slice()
    await move(8)
    expect(state.mode).toBe('tiles')
    expect(received.picture?.epoch).toBeUndefined()
    expect(received.picture?.pixels).not.toEqual(before)

    const { epoch } = video
    // One that nobody sent, and one that is told again.
    engine.handleSeen(state.encoded + 1)
    for (let again = 0; again < 5; again++) engine.handleSeen(state.encoded)
    await see(2)
    expect(state.mode).toBe('tiles')
    await see(1)
    expect(state.mode).toBe('motion')
    expect(received.picture?.epoch).toBe(epoch + 1)
    expect(video.epoch).toBe(epoch + 1)
    engine.stop()
  })

  it('does not come where video would show less than tiles do', async () => {
    const { engine, state, move, see } = open({ preset: 'automatic', workMs: 15 })
    await move(40)
    for (let frame = 0; frame < 4; frame++) {
      await move(20)
      await see(1)
    }
    const { encoded } = state
    await move(200)
    expect(state).toMatchObject({ mode: 'tiles', encoded })
    engine.stop()
  })

  it('comes where tiles cost too much and video shows as much', async () => {
    const { engine, state, move } = open({ preset: 'automatic', workMs: 15 })
    while (state.encoded < 4) await move(1)
    // Those behind the first one were kept waiting by it.
    for (const frameNumber of [1, 2, 3, 4]) {
      engine.handleSeen(frameNumber)
      await move(1)
    }
    expect(state.mode).toBe('motion')
    engine.stop()
  })

  it('does not come where nothing needs it any more', async () => {
    const { clock, engine, state, see } = open()
    await see(4)
    clock.advance(600)
    engine.handleSeen(state.encoded)
    expect(state.mode).toBe('tiles')
    const { encoded } = state
    clock.advance(5_000)
    expect(state).toMatchObject({ mode: 'tiles', encoded })
    engine.stop()
  })

  it('comes after three seconds also where the operator says nothing', async () => {
    const { engine, state, move } = open()
    await move(120)
    expect(state.mode).toBe('tiles')
    await move(60)
    expect(state.mode).toBe('motion')
    engine.stop()
  })
})

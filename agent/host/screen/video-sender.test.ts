import { expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { Surface } from '../../pixels/surface.ts'
import { VideoSender } from './video-sender.ts'

const LIMITS = { maxKbps: 20_000, scale: 1, linkKbps: undefined }

/** A video link that comes up as soon as it is asked for, and counts. */
function open() {
  const clock = new ManualClock()
  const link = { requests: 0, releases: 0, frames: 0, isUp: false }
  const sender = new VideoSender({
    clock: { setTimer: clock.setTimer, monotonicMs: clock.nowMs, wallMs: clock.nowMs },
    link: {
      get source() {
        return link.isUp ? { createTrack: () => ({ stop: () => undefined }), onFrame: () => link.frames++ } : undefined
      },
      codecs: ['VP8'],
      request: () => {
        link.requests++
        link.isUp = true
      },
      tune: async () => undefined,
      encoderStats: async () => undefined,
      release: () => {
        link.releases++
        link.isUp = false
      },
    },
  })
  return { clock, link, sender, surface: new Surface(320, 200) }
}

it('gives the connection back some seconds after the last motion, and not during one', () => {
  const { clock, link, sender, surface } = open()
  expect(sender.prepare()).toBe(true)
  sender.start(surface, LIMITS)
  clock.advance(60_000)
  // Another frame that tiles couldn't keep up with.
  sender.prepare()
  clock.advance(60_000)
  sender.send([])
  expect(link).toMatchObject({ releases: 0, frames: 1 })
  sender.stop()
  clock.advance(4_000)
  sender.start(surface, LIMITS)
  clock.advance(60_000)
  expect(link.releases).toBe(0)
  sender.stop()
  sender.stop()
  clock.advance(6_000)
  expect(link.releases).toBe(1)
  expect(sender.isReady).toBe(false)
  expect(sender.prepare()).toBe(true)
})

it('gives back a connection for which no motion came', () => {
  const { clock, link, sender } = open()
  sender.prepare()
  clock.advance(6_000)
  expect(link.releases).toBe(1)
})

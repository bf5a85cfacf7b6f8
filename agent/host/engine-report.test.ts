import { expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { type EngineFacts, EngineReport } from './engine-report.ts'

function open() {
  const time = new ManualClock(0)
  const told: object[] = []
  const facts: { -readonly [Name in keyof EngineFacts]: EngineFacts[Name] } = {
    failure: undefined,
    isAsleep: false,
    isMotion: false,
    codec: 'VP8',
    videoIntervalMs: 33,
    undrawnMs: 0,
    linkKbps: undefined,
    isWaiting: false,
    maxKbps: 20_000,
  }
  const clock = { wallMs: time.nowMs, monotonicMs: time.nowMs, setTimer: time.setTimer }
  let isOpen = true
  const report = new EngineReport({
    clock,
    read: () => ({ ...facts }),
    send: state => {
      if (isOpen) told.push(state)
      return isOpen
    },
  })
  return { time, told, facts, report, setOpen: (open: boolean) => (isOpen = open) }
}

it('is told at the start, then only what changed, and nothing runs meanwhile', () => {
  const { time, told, report } = open()
  report.start()
  for (let step = 0; step < 20; step++) {
    report.wake()
    time.advance(100)
  }
  expect(told).toEqual([{ type: 'engine', mode: 'tiles' }])
  time.advance(1_000)
  expect(time.pendingTimers).toBe(0)
})

it('is told at most twice a second', () => {
  const { time, told, facts, report } = open()
  report.start()
  for (let ms = 0; ms < 10_000; ms += 10) {
    facts.isMotion = !facts.isMotion
    facts.linkKbps = 1_000 + ms * 10
    report.wake()
    time.advance(10)
  }
  expect(told.length).toBeLessThanOrEqual(21)
})

it('a motion has its codec and the rate, which is told again when it really changed', () => {
  const { time, told, facts, report } = open()
  report.start()
  Object.assign(facts, { isMotion: true, linkKbps: 1_000.4 })
  report.wake()
  time.advance(500)
  expect(told.at(-1)).toEqual({ type: 'engine', mode: 'motion', codec: 'VP8', targetKbps: 1_000 })
  facts.linkKbps = 1_150
  time.advance(2_000)
  expect(told.length).toBe(2)
  facts.linkKbps = 2_000
  time.advance(500)
  expect(told.at(-1)).toMatchObject({ targetKbps: 2_000 })
  facts.isMotion = false
  facts.linkKbps = undefined
  time.advance(500)
  expect(told.at(-1)).toEqual({ type: 'engine', mode: 'tiles' })
  time.advance(500)
  expect(time.pendingTimers).toBe(0)
})

it('a link that stopped drawing is named while it lasts and two seconds more', () => {
  const { time, told, facts, report } = open()
  report.start()
  facts.undrawnMs = 100
  report.wake()
  time.advance(500)
  facts.undrawnMs = 900
  time.advance(500)
  expect(told.at(-1)).toMatchObject({ problem: 'link-slow' })
  facts.undrawnMs = 0
  time.advance(1_500)
  expect(told.at(-1)).toMatchObject({ problem: 'link-slow' })
  time.advance(1_000)
  expect(told.at(-1)).toEqual({ type: 'engine', mode: 'tiles' })
  expect(time.pendingTimers).toBe(0)
})

it('what couldn’t be told is told with the next change or start', () => {
  const { time, told, facts, report, setOpen } = open()
  setOpen(false)
  facts.isAsleep = true
  report.wake()
  time.advance(500)
  setOpen(true)
  report.start()
  expect(told).toEqual([{ type: 'engine', mode: 'tiles', problem: 'display-asleep' }])
})

import { expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { LinkWatch } from './link-watch.ts'

function watch() {
  const clock = new ManualClock(0)
  const told: string[] = []
  const link = new LinkWatch(clock, {
    onInterrupted: giveUpInMs => told.push(`interrupted for ${giveUpInMs}`),
    onRestored: () => told.push('restored'),
    onLost: () => told.push('lost'),
  })
  return { clock, told, link }
}

it('A158 three seconds without the other end are an interruption and no new connection', () => {
  const { clock, told, link } = watch()
  for (const state of ['checking', 'connected', 'completed', 'disconnected']) link.handleState(state)
  clock.advance(3_000)
  link.handleState('connected')
  expect(told).toEqual(['interrupted for 120000', 'restored'])
  clock.advance(300_000)
  expect(told).toHaveLength(2)
})

it('A158 a link that comes and goes thirty times a minute stays the same one, and leaves nothing behind', () => {
  const { clock, told, link } = watch()
  for (let flap = 0; flap < 30; flap++) {
    link.handleState('disconnected')
    // ICE says it again while it looks for another way.
    link.handleState('disconnected')
    expect(clock.pendingTimers).toBe(1)
    clock.advance(1_000)
    link.handleState('connected')
    link.handleState('completed')
    clock.advance(1_000)
  }
  expect([told.length, clock.pendingTimers]).toEqual([60, 0])
  link.handleState('disconnected')
  clock.advance(119_999)
  expect(told.at(-1)).toBe('interrupted for 120000')
  clock.advance(1)
  expect(told.at(-1)).toBe('lost')
})

it('gives nothing up that was closed', () => {
  const { clock, told, link } = watch()
  link.handleState('disconnected')
  link.close()
  clock.advance(120_000)
  expect(told).toEqual(['interrupted for 120000'])
})

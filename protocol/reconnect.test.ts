import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RECONNECT_BASE_MS, RECONNECT_CAP_MS } from './limits.ts'
import { reconnectDelayMs } from './reconnect.ts'

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

it('stays within the exponential window and the cap', () => {
  fc.assert(
    fc.property(fc.nat(10_000), random, (failedTries, value) => {
      const delayMs = reconnectDelayMs({ failedTries, random: value })
      expect(delayMs).toBeGreaterThanOrEqual(0)
      expect(delayMs).toBeLessThanOrEqual(Math.min(RECONNECT_CAP_MS, RECONNECT_BASE_MS * 2 ** failedTries))
    }),
  )
})

it('never comes back before the relay’s hint', () => {
  fc.assert(
    fc.property(fc.nat(20), random, fc.integer({ min: 0, max: 120_000 }), (failedTries, value, relayHintMs) => {
      expect(reconnectDelayMs({ failedTries, random: value, relayHintMs })).toBeGreaterThanOrEqual(relayHintMs)
    }),
  )
})

it('does not let a hostile hint keep a device away for ever', () => {
  expect(reconnectDelayMs({ failedTries: 0, random: 0.99, relayHintMs: Number.MAX_SAFE_INTEGER })).toBeLessThanOrEqual(
    15 * RECONNECT_CAP_MS,
  )
})

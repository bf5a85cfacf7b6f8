import { expect, it } from 'vitest'
import { killRelay } from '#testing/relay-kills/kills.ts'

it('A138, A148 a relay that is killed while it writes leaves every effect with its row, every row with its effect, what it said, and a chain that holds', {
  timeout: 300_000,
}, async () => {
  const { effects, restartsMs, ...figures } = await killRelay(10)
  expect(figures).toEqual({ killRuns: 10, effectsWithoutRow: 0, rowsWithoutEffect: 0, acknowledgedLost: 0 })
  expect(restartsMs).toHaveLength(10)
  expect(effects).toBeGreaterThan(20)
})

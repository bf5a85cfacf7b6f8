import { expect, it } from 'vitest'
import { killRelay } from '#testing/relay-kills.ts'

it('A138, A148 a relay that is killed while it writes leaves every effect with its row, every row with its effect, and a chain that holds', {
  timeout: 300_000,
}, async () => {
  const { effects, ...figures } = await killRelay(10)
  expect(figures).toMatchObject({ killRuns: 10, effectsWithoutRow: 0, rowsWithoutEffect: 0 })
  expect(effects).toBeGreaterThan(0)
})

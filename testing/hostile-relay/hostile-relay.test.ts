import { expect, it } from 'vitest'
import { runHostileRelay } from './run.ts'

it('A40 a relay in the middle opens no session, shows no frame and does nothing at the device', {
  timeout: 600_000,
}, async () => {
  const { honest, attacks } = await runHostileRelay({ honestRuns: 1, settleMs: 2_000 })
  // An undisturbed session opens at both ends, shows the screen and types: what stops the attacks isn't the harness.
  expect(honest[0]).toMatchObject({ opened: 2 })
  expect(Math.min(honest[0]?.frames ?? 0, honest[0]?.calls ?? 0)).toBeGreaterThan(0)
  expect(attacks.length).toBeGreaterThan(30)
  expect(attacks.filter(({ opened, frames, calls }) => opened + frames + calls > 0)).toEqual([])
})

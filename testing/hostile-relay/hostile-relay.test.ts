import { expect, it } from 'vitest'
import { type AttackResult, type HarnessOptions, runHostileRelay } from './run.ts'

const cameIn = ({ opened, frames, calls }: AttackResult) => opened + frames + calls > 0

/** An undisturbed session opens at both ends, shows the screen and types: what stops the attacks isn't the harness. */
async function play(options: Pick<HarnessOptions, 'mode' | 'set'>, atLeast: number): Promise<AttackResult | undefined> {
  const { honest, controls, attacks } = await runHostileRelay({ ...options, honestRuns: 1, settleMs: 2_000, shares: 3 })
  expect(honest.map(({ opened }) => opened)).toEqual(honest.map(() => 2))
  expect(Math.min(...honest.flatMap(({ frames, calls }) => [frames, calls]))).toBeGreaterThan(0)
  expect(attacks.length).toBeGreaterThan(atLeast)
  expect(attacks.filter(cameIn)).toEqual([])
  return controls[0]
}

const timeout = 600_000

it('A40 a relay in the middle opens no session, shows no frame and does nothing at the device', {
  timeout,
}, async () => {
  const control = await play({ mode: 'plain' }, 30)
  // What a strict organisation alone keeps out does come in here: those attacks could work.
  expect(control?.opened).toBe(1)
  expect(control?.calls).toBeGreaterThan(0)
})

it('A40 a relay that mints passes with the real signing key opens nothing in a strict organisation', { timeout }, () =>
  play({ mode: 'strict', set: 'own' }, 20).then(() => undefined),
)

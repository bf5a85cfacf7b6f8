import { expect, it } from 'vitest'
import { type HarnessOptions, runHostileRelay } from './run.ts'

const opens = ({ opened, frames, calls }: { opened: number; frames: number; calls: number }) =>
  opened + frames + calls > 0

/** An undisturbed session opens at both ends, shows the screen and types: what stops the attacks isn't the harness. */
async function play(options: Pick<HarnessOptions, 'mode' | 'set'>, atLeast: number) {
  const { honest, attacks } = await runHostileRelay({ ...options, honestRuns: 1, settleMs: 2_000 })
  expect(honest[0]).toMatchObject({ opened: 2 })
  expect(Math.min(honest[0]?.frames ?? 0, honest[0]?.calls ?? 0)).toBeGreaterThan(0)
  expect(attacks.length).toBeGreaterThan(atLeast)
  expect(attacks.filter(opens)).toEqual([])
}

it(
  'A40 a relay in the middle opens no session, shows no frame and does nothing at the device',
  {
    timeout: 600_000,
  },
  () => play({ mode: 'plain' }, 30),
)

it(
  'A40 a relay that mints passes with the real signing key opens nothing at a device of a strict organisation',
  {
    timeout: 600_000,
  },
  () => play({ mode: 'strict', set: 'own' }, 20),
)

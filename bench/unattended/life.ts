import type { UnattendedOperator } from '../../testing/unattended-operator.ts'

/** How long the operator does nothing between two steps. */
const STEP_MS = 250

/** As many as `onStep` hears of. */
export const LIFE_STEPS = 6

/**
 * The whole life of one session: password, in, out, back in, out again, and nothing more. Nothing is begun once `signal` aborted. `onStep` is called when each
 * begins, and last when nothing more does.
 */
export async function liveThrough(
  operator: UnattendedOperator,
  signal: AbortSignal,
  onStep: () => void,
): Promise<void> {
  const pause = async () => {
    await new Promise(resolve => setTimeout(resolve, STEP_MS))
    signal.throwIfAborted()
    onStep()
  }
  onStep()
  const password = await operator.password()
  await pause()
  await operator.enter(await operator.withPassword(password))
  await pause()
  const heard = operator.heard
  await operator.leave()
  await pause()
  await operator.enter(await operator.withResumeKey(heard))
  await pause()
  await operator.leave()
  onStep()
}

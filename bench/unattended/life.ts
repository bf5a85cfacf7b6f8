import { UnattendedOperator } from '../../testing/unattended-operator.ts'
import type { KioskDevice, UnattendedWorld } from '../../testing/unattended-world.ts'
import { waitFor } from '../../testing/wait-for.ts'

/** How long the operator does nothing between two steps. */
const STEP_MS = 250
const FREE_WITHIN_MS = 30_000

const pause = () => new Promise(resolve => setTimeout(resolve, STEP_MS))

/** A session begins as soon as the relay has closed the one before. */
export async function askWhenFree({ relay, token }: UnattendedWorld, { deviceId }: KioskDevice) {
  let operator: UnattendedOperator | undefined
  await waitFor(
    'the device to be free',
    async () => {
      operator = await UnattendedOperator.ask(relay, token, { deviceId }).catch(thrown => {
        if (String(thrown).includes('device-busy')) return undefined
        throw thrown
      })
      return operator !== undefined
    },
    FREE_WITHIN_MS,
  )
  return operator as UnattendedOperator
}

/** The whole life of one session: password, in, out, back in, out again, and nothing more. Rejects where the device is killed meanwhile. */
export async function liveThrough(operator: UnattendedOperator): Promise<void> {
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
}

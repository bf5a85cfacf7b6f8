import { UnattendedOperator } from '../../testing/unattended-operator.ts'
import type { KioskDevice, UnattendedWorld } from '../../testing/unattended-world.ts'

const TRIES = 50

/** Fifty right proofs with fifty passes at once, through the relay. Returns how many were let in. */
export async function countRedemptions({ relay }: UnattendedWorld, device: KioskDevice): Promise<number> {
  const operator = await UnattendedOperator.ask(relay, device.token, device)
  try {
    const password = await operator.password()
    const ready = await operator.manyWithPassword(password, TRIES)
    const tries = await Promise.allSettled(ready.map(join => operator.join(join)))
    return tries.filter(({ status }) => status === 'fulfilled').length
  } finally {
    await operator.end()
    await operator.reached('closed')
    await operator.close()
  }
}

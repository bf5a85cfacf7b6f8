import { UnattendedOperator } from '../../testing/unattended-operator.ts'
import { openUnattendedWorld } from '../../testing/unattended-world.ts'

const TRIES = 50

/**
 * Fifty right proofs with fifty passes at once, through a relay. Returns how many were let in. The relay is its own: one gives an address sixty passes a minute,
 * and what else is measured needs those.
 */
export async function countRedemptions(): Promise<number> {
  const world = await openUnattendedWorld({ isHeadless: true })
  try {
    const device = await world.addDevice()
    const operator = await UnattendedOperator.ask(world.relay, device.token, device)
    const password = await operator.password()
    const ready = await operator.manyWithPassword(password, TRIES)
    const tries = await Promise.allSettled(ready.map(join => operator.join(join)))
    await operator.end()
    await operator.reached('closed')
    await operator.close()
    return tries.filter(({ status }) => status === 'fulfilled').length
  } finally {
    await world.close()
  }
}

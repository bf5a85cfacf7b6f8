import type { Device } from '../../e2e/fixtures/device.ts'
import type { OperatorPage } from '../../testing/world/operator-page.ts'

/** As long as a program's press spoils the person's, and a bit more. */
const SPOILT_MS = 1_700

/** Clicks "Yes" and "No" and presses keys as a program does on the person's own display. Whether one of them was taken for an answer. */
export async function answersProgram({ person, desktop }: Device, operator: OperatorPage): Promise<boolean> {
  const { yes, no } = await person.waitForButtons()
  const { input } = desktop
  for (const { x, y, width, height } of [yes, no]) {
    input.movePointer(Math.round(x + width / 2), Math.round(y + height / 2))
    input.setButton(0, true)
    input.setButton(0, false)
  }
  for (const code of ['Space', 'Enter', 'Escape']) for (const pressed of [true, false]) input.setKey(code, pressed)
  await operator.page.waitForTimeout(SPOILT_MS)
  return !(await operator.page.getByText('Asking the person at the device:').isVisible())
}

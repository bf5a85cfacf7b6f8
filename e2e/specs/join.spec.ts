import { waitFor } from '../../testing/wait-for.ts'
import { OperatorPage } from '../../testing/world/operator-page.ts'
import { startOperatorProgram } from '../../testing/world/operator-program.ts'
import { startXDisplay } from '../../testing/x-display.ts'
import { isHeldDown } from '../fixtures/device-facts.ts'
import { expect, test } from '../fixtures/test.ts'

test('A167 a second operator joins by the person’s word, waits for mouse and keyboard, and when the first one is gone has the picture and the chat, and more by the person’s word', async ({
  operator,
  device,
  relay,
}) => {
  const display = await startXDisplay({ width: 1440, height: 900 })
  const program = await startOperatorProgram({ display: display.name })
  try {
    const second = new OperatorPage(program.page)
    const { page } = second
    await second.signIn(relay.url, await relay.addColleague('rosa@riverside.example', 'admin'))
    await operator.requestSession('Printer on the second floor')
    await device.person.accept()
    await operator.firstFrameAtMs()

    await page.getByRole('button', { name: /^Join the session with/ }).click()
    await page.getByLabel('Reason').fill('I know this printer')
    await page.getByRole('button', { name: 'Ask to join' }).click()
    device.person.listenTo(second)
    // Whoever is in a session answers no question: not with the mouse, and not with the keyboard.
    const { yes, no } = await device.person.waitForButtons()
    for (const { x, y, width, height } of [yes, no]) await operator.clickDevice(x + width / 2, y + height / 2)
    for (const key of ['Enter', 'Space', 'Escape']) await operator.page.keyboard.press(key)
    await expect(page.getByText('Asking the person at the device:')).toBeVisible()
    // None of that reached the display, or the person's own press would not count so soon after it.
    await device.person.accept()
    await second.firstFrameAtMs()
    await expect(page.getByText('Ada Brandt has mouse and keyboard')).toBeVisible()

    await operator.page.getByRole('button', { name: '2 operators in this session' }).click()
    await operator.page.getByRole('menuitem', { name: 'Give mouse and keyboard to Rosa Lindt' }).click()
    await expect(operator.page.getByText('Rosa Lindt has mouse and keyboard')).toBeVisible()
    await second.clickDevice(600, 600)
    await page.keyboard.down('Shift')
    await waitFor('the key to be down on the device', () => isHeldDown(device, 'ShiftLeft'))

    const chat = page.getByRole('button', { name: 'Chat', exact: true })
    await expect(chat).toHaveCount(0)
    await operator.endSession()
    await expect(operator.overTitle('You ended the session')).toBeVisible()
    await waitFor('the key to be lifted', async () => !(await isHeldDown(device, 'ShiftLeft')))
    await page.keyboard.up('Shift')
    await expect(page.getByText('View only')).toBeVisible()

    // Who took over has what the first operator had: the chat at once, the rest by the person's word.
    await chat.click()
    await page.getByLabel('Write a message').fill('I go on from here')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('log').getByText('delivered')).toBeVisible()
    await second.askForMore('Mouse and keyboard')
    await device.person.accept()
    await expect(page.getByText('The person allowed Mouse and keyboard.')).toBeVisible()
    await page.getByRole('button', { name: 'Ask for more' }).click()
    await expect(page.getByRole('menuitem', { name: 'Shell', exact: true })).toBeVisible()
    await page.keyboard.press('Escape')
    await device.person.endFromBanner()
    await expect(second.overTitle('Ended by the person at the device')).toBeVisible()
  } finally {
    await program.stop()
    await display.stop()
  }
})

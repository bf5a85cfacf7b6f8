import { TOOLS } from '../../protocol/tools/tools.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { isHeldDown } from '../fixtures/device-facts.ts'
import { openUp, sendEverything } from '../fixtures/hostile-operator.ts'
import { expect, test } from '../fixtures/test.ts'

/** Places in the question: mouse and keyboard stand first, then the tools in their order. The device has no registry. */
const CONTROL = 0
const placeOf = (tool: number) => tool + 1
const NAMES = ['Shell', 'Shell of the user', 'Processes', 'Processes of the user', 'Services'] as const
const isEven = (_: unknown, index: number) => index % 2 === 0
const isOdd = (_: unknown, index: number) => index % 2 === 1

for (const [which, isLeftOut] of [
  ['every second tool', isEven],
  ['the others', isOdd],
] as const) {
  test(`A61 ${which} switched off in the question: the session has exactly what was left on`, async ({
    operator,
    device,
  }) => {
    await operator.requestSession('Printer on the second floor', { tools: true })
    await device.person.waitForButtons()
    await device.person.switchScopes(
      NAMES.map((_, index) => index)
        .filter(isLeftOut)
        .map(placeOf),
    )
    await device.person.accept()
    await operator.firstFrameAtMs()
    await operator.page.getByRole('button', { name: 'Tools', exact: true }).click()
    const shown = await operator.page.getByRole('menuitemradio').allTextContents()
    // The recordings stand below, for the shells that there are.
    const tools = shown.filter(text => !text.startsWith('Recordings'))
    expect(shown.length - tools.length).toBe(tools.filter(text => text.startsWith('Shell')).length)
    expect(tools.map(text => NAMES.findLast(name => text.startsWith(name)))).toEqual(
      NAMES.filter((name, index) => !isLeftOut(name, index)),
    )
    await operator.page.keyboard.press('Escape')
    await expect(operator.page.getByText('View only')).toHaveCount(0)
  })
}

test('A61 mouse and keyboard switched off: view only, whatever a changed operator’s program sends', async ({
  operator,
  device,
}) => {
  await openUp(operator.page)
  await operator.showDevices()
  await operator.requestSession('Printer on the second floor', { tools: true })
  await device.person.waitForButtons()
  await device.person.switchScopes([CONTROL])
  await device.person.accept()
  await operator.firstFrameAtMs()
  await expect(operator.page.getByText('View only')).toBeVisible()
  await expect(operator.page.getByRole('button', { name: 'Tools', exact: true })).toHaveCount(0)
  const before = await device.person.pointer()
  await sendEverything(operator.page, TOOLS)
  for (const kind of ['key', 'text', 'scroll', 'pointer-button', 'pointer-move'])
    await waitFor(`the refusal of ${kind}`, () => device.program.tail().includes(`"kind":"${kind}","why":"scope"`))
  await waitFor('the refusal of the tools', () => device.program.tail().includes('a tool was refused'))
  expect(await isHeldDown(device, 'ShiftLeft')).toBe(false)
  expect(await device.person.pointer()).toEqual(before)
})

test('A62 a pause lifts what the operator holds, the person resumes at once, and takes control back', async ({
  operator,
  device,
}) => {
  await operator.requestSession('Printer on the second floor')
  await device.person.accept()
  await operator.firstFrameAtMs()
  await operator.clickDevice(600, 600)
  await operator.page.keyboard.down('Shift')
  // Something on the desktop has the pointer while the operator drags.
  await operator.page.mouse.down()
  await waitFor('the key to be down on the device', () => isHeldDown(device, 'ShiftLeft'))
  await device.person.pauseFromBanner()
  await waitFor('the key to be lifted', async () => !(await isHeldDown(device, 'ShiftLeft')), 3_000)
  await expect(operator.page.getByText('Paused by the person at the device')).toBeVisible()
  await operator.page.mouse.up()
  await operator.page.keyboard.up('Shift')
  await device.person.waitForPausedBanner()
  // The lifted key was a program's: the person's own press counts all the same.
  await device.person.pauseFromBanner()
  await expect(operator.page.getByText('Paused by the person at the device')).toHaveCount(0)

  await operator.page.keyboard.down('Shift')
  await waitFor('the key to be down again', () => isHeldDown(device, 'ShiftLeft'))
  await device.person.takeBackFromBanner()
  await waitFor('the key to be lifted', async () => !(await isHeldDown(device, 'ShiftLeft')), 3_000)
  await expect(operator.page.getByText('View only')).toBeVisible()
  await operator.page.keyboard.up('Shift')
})

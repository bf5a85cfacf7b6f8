import { TOOLS } from '../../protocol/tools/tools.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { hasWine, WinePrefix } from '../../testing/wine-prefix.ts'
import { type Device, openDevice } from '../fixtures/device.ts'
import { isHeldDown } from '../fixtures/device-facts.ts'
import { openUp, sendEverything, sendTools, toolsHeard } from '../fixtures/hostile-operator.ts'
import { test as base, expect } from '../fixtures/test.ts'

/** With a registry, where this machine has Wine: every tool that there is. */
const test = base.extend<object, { device: Device }>({
  device: [
    async ({ relay }, use) => {
      const wine = hasWine ? await WinePrefix.make() : undefined
      const device = await openDevice(relay, undefined, { wine })
      await use(device)
      await device.stop()
      await wine?.close()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
})

const NAMES = {
  shell: 'Shell',
  'shell-user': 'Shell of the user',
  processes: 'Processes',
  'processes-user': 'Processes of the user',
  services: 'Services',
  registry: 'Registry',
} as const
const OFFERED = TOOLS.filter(tool => tool !== 'registry' || hasWine)
/** Places in the question: mouse and keyboard stand first, then the tools in their order. */
const CONTROL = 0
const placeOf = (tool: number) => tool + 1
const isEven = (_: unknown, index: number) => index % 2 === 0
const isOdd = (_: unknown, index: number) => index % 2 === 1

for (const [which, isLeftOut] of [
  ['every second tool', isEven],
  ['the others', isOdd],
] as const) {
  test(`A61 ${which} switched off in the question: the session has exactly what was left on, and the device takes no other from a changed operator’s program`, async ({
    operator,
    device,
  }) => {
    const { page } = operator
    await openUp(page)
    await operator.showDevices()
    await operator.requestSession('Printer on the second floor', { tools: true })
    await device.person.waitForButtons()
    await device.person.switchScopes(
      OFFERED.map((_, index) => index)
        .filter(isLeftOut)
        .map(placeOf),
    )
    await device.person.accept()
    await operator.firstFrameAtMs()
    const allowed = OFFERED.filter((tool, index) => !isLeftOut(tool, index))
    await page.getByRole('button', { name: 'Tools', exact: true }).click()
    const shown = await page.getByRole('menuitemradio').allTextContents()
    // The recordings stand below, for the shells that there are.
    const tools = shown.filter(text => !text.startsWith('Recordings'))
    expect(shown.length - tools.length).toBe(tools.filter(text => text.startsWith('Shell')).length)
    const names = Object.values(NAMES)
    expect(tools.map(text => names.findLast(name => text.startsWith(name)))).toEqual(allowed.map(tool => NAMES[tool]))
    await page.keyboard.press('Escape')
    await expect(page.getByText('View only')).toHaveCount(0)

    // Whatever the menu shows: the device itself answers for what the person allowed, and refuses the rest.
    await sendTools(
      page,
      TOOLS.map(tool => ({ type: 'hello', tool })),
    )
    await expect
      .poll(async () => (await toolsHeard(page)).map(({ type, tool }) => `${tool} ${type}`).toSorted())
      .toEqual(TOOLS.map(tool => `${tool} ${allowed.includes(tool) ? 'state' : 'refused'}`).toSorted())
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
  // Clipboard, files and sound are no channels of this protocol, and none is opened for them.
  for (const kind of ['channel clipboard', 'channel files', 'channel chat', 'channel'])
    await waitFor(`the refusal of ${kind}`, () => device.program.tail().includes(`"kind":"${kind}","why":"invalid"`))
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

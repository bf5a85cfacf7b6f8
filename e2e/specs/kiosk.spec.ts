import { isDeepStrictEqual } from 'node:util'
import { CLICKED, RESTING, TYPED } from '../../testing/kiosk-page.ts'
import { listenersOf } from '../../testing/listeners.ts'
import { processTree } from '../../testing/process-tree.ts'
import { colourAt } from '../../testing/screenshot.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { allowUnattended } from '../../testing/world/allow-unattended.ts'
import { attachedDevices } from '../../testing/x-input-devices.ts'
import type { Device } from '../fixtures/device.ts'
import { hostProcessOf } from '../fixtures/device-facts.ts'
import { type Kiosk, openKiosk } from '../fixtures/kiosk.ts'
import { test as base, expect } from '../fixtures/test.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const SPOT = { x: 300, y: 700 }

/** With a kiosk in the place of the device, and so with a relay and an operator app of its own. */
const test = base.extend<object, { device: Device; kiosk: Kiosk }>({
  kiosk: [
    async ({ relay }, use) => {
      await allowUnattended(relay, { maintenanceScreen: true, blockLocalInput: true })
      const kiosk = await openKiosk(relay)
      await use(kiosk)
      await kiosk.stop()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  device: [async ({ kiosk }, use) => use(kiosk), { scope: 'worker' }],
})

test('A72 a kiosk’s page is steered under its maintenance screen; its operator is back at 14:50 and refused at 15:01', async ({
  operator,
  kiosk,
  relay,
}) => {
  const { page } = operator
  const seenByPassersBy = async () => colourAt(await kiosk.person.look(), SPOT.x, SPOT.y)
  const seenByOperator = () => operator.colourAt(SPOT.x, SPOT.y)
  const listeners = () => listenersOf(processTree(kiosk.program.pid).map(({ pid }) => pid))
  const hands = await attachedDevices(kiosk.display)
  await expect.poll(seenByPassersBy).toEqual(RESTING)
  expect(listeners()).toEqual([])

  await operator.openUnattended('The kiosk shows an error')
  await operator.firstFrameAtMs()
  await expect.poll(seenByOperator).toEqual(RESTING)
  // People see who works there and nothing of the page; their mouse and keyboard do nothing.
  await expect.poll(seenByPassersBy).not.toEqual(RESTING)
  expect(await attachedDevices(kiosk.display)).toEqual(hands.filter(name => name.includes('XTEST')))
  // None of its programs takes what others send, the host and the cover's browser among them: its only way is through the relay.
  expect(listeners()).toEqual([])
  const cover = await seenByPassersBy()
  await operator.clickDevice(SPOT.x, SPOT.y)
  await expect.poll(seenByOperator).toEqual(CLICKED)
  await page.keyboard.press('k')
  await expect.poll(seenByOperator).toEqual(TYPED)
  expect(await seenByPassersBy()).toEqual(cover)

  await operator.endSession()
  await expect(page.getByText('left to come back')).toBeVisible()
  await waitFor('the session host to be gone', async () => (await hostProcessOf(kiosk)) === undefined, 2_000)
  const areHandsBack = async () => isDeepStrictEqual(await attachedDevices(kiosk.display), hands)
  await waitFor('mouse and keyboard to be back', areHandsBack)
  await kiosk.runAhead(14 * MINUTE + 50 * SECOND)
  await page.getByRole('button', { name: 'Come back' }).click()
  await expect.poll(seenByOperator).toEqual(TYPED)
  await operator.clickDevice(SPOT.x, SPOT.y)
  await expect.poll(seenByOperator).toEqual(CLICKED)

  // The only way there is goes through the relay. It ends with it, and its operator, who didn't leave, is back by themselves.
  await relay.pause()
  const note = page.getByText('The connection is interrupted')
  await expect(note).toBeVisible({ timeout: 60_000 })
  await relay.restart()
  await expect(note).toBeHidden({ timeout: 60_000 })
  // The picture of before stands until the new one comes; what is typed into that goes nowhere.
  await expect(async () => {
    await operator.clickDevice(SPOT.x, SPOT.y)
    await page.keyboard.press('k')
    await expect.poll(seenByOperator, { timeout: 3_000 }).toEqual(TYPED)
  }).toPass({ timeout: 60_000 })
  await operator.clickDevice(SPOT.x, SPOT.y)
  await expect.poll(seenByOperator).toEqual(CLICKED)

  await operator.endSession()
  await expect(page.getByText('left to come back')).toBeVisible()
  await kiosk.runAhead(29 * MINUTE + 51 * SECOND)
  await page.getByRole('button', { name: 'Come back' }).click()
  await expect(page.getByRole('alert')).toContainText('nothing to open')
  await expect(operator.overTitle('The time is over')).toBeVisible()
  expect(await hostProcessOf(kiosk)).toBeUndefined()
  // The kiosk is its own again: no cover, its page as it was left, its mouse and keyboard, and no socket that listens.
  await expect.poll(seenByPassersBy).toEqual(CLICKED)
  await waitFor('mouse and keyboard to be back', areHandsBack)
  const isAlone = () => processTree(kiosk.program.pid).length === 1
  await waitFor('the service to be alone', isAlone)
  expect(listeners()).toEqual([])
})

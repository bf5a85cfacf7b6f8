import { z } from 'zod'
import { listenersOf } from '../../testing/listeners.ts'
import { processTree } from '../../testing/process-tree.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { administratorCalls } from '../../testing/world/relay-calls.ts'
import { isHeldDown } from '../fixtures/device-facts.ts'
import { expect, test } from '../fixtures/test.ts'

const groupList = z.object({ groups: z.array(z.object({ id: z.string(), path: z.string() })) })

test('without straight ways a session goes through the relay, and the device has no socket that takes what others send', async ({
  operator,
  device,
  relay,
}) => {
  const call = await administratorCalls(relay)
  const { groups } = groupList.parse(await call('GET', '/v1/groups'))
  const settings = `/v1/groups/${groups.find(({ path }) => path === '/')?.id}/settings`
  await call('PATCH', settings, { set: { directPaths: false } })
  try {
    await operator.requestSession('Printer on the second floor')
    await device.person.accept()
    await operator.firstFrameAtMs()
    expect(listenersOf(processTree(device.program.pid).map(({ pid }) => pid))).toEqual([])
    await operator.clickDevice(600, 600)
    await operator.page.keyboard.down('Shift')
    await waitFor('the key to be down on the device', () => isHeldDown(device, 'ShiftLeft'))
    await operator.page.keyboard.up('Shift')
    await operator.endSession()
    await expect(operator.overTitle('You ended the session')).toBeVisible()
    await device.person.waitForNoWindow()
  } finally {
    await call('PATCH', settings, { inherit: ['directPaths'] })
  }
})

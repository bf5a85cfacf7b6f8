import { signInReplySchema } from '../../protocol/http.ts'
import { devicesReplySchema } from '../../protocol/records-http.ts'
import { makeTestKey } from '../../testing/keys.ts'
import { expect, test } from '../fixtures/test.ts'

test('in a strict organisation a device takes the app that was certified, and nobody whom the relay alone vouches for', async ({
  operator,
  relay,
  device,
}) => {
  const { page } = operator
  const { email, password } = relay.administrator
  const again = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await page.addLocatorHandler(again, async () => {
    await again.getByLabel('Password').fill(password)
    await again.getByRole('button', { name: 'Confirm' }).click()
  })
  const act = async (name: string, answer: string) => {
    await page.getByRole('button', { name }).click()
    await page.getByRole('dialog').getByRole('button', { name: answer }).click()
  }

  await page.getByRole('tab', { name: 'Administration' }).click()
  await page.getByRole('navigation', { name: 'Administration' }).getByRole('button', { name: 'Trust' }).click()
  await page.getByRole('button', { name: 'Make the organisation’s key' }).click()
  await page.getByRole('row', { name: /this app/ }).click()
  await act('Certify…', 'Certify')
  await expect(page.getByRole('row', { name: /this app/ })).toContainText('Certified')
  await act('Take certified operators only…', 'Take certified operators only')
  await expect(page.getByText('Only certified operators come in')).toBeVisible()
  await expect.poll(() => device.program.tail()).toContain('"strict":true')

  // The same person, with the relay's own sign-in and no certificate.
  const token = (await post(relay.url, '/v1/sign-in', '', { email, password }, body => signInReplySchema.parse(body)))
    .token
  const headers = { authorization: `Bearer ${token}` }
  const list = await fetch(`${relay.url}/v1/devices`, { headers })
  const { devices } = devicesReplySchema.parse(await list.json())
  const { publicKey: operatorKey } = await makeTestKey()
  const wish = { deviceId: devices[0]?.id, reason: 'Printer', ticket: null, scopes: ['view'], operatorKey }
  const refused = await post(relay.url, '/v1/sessions', token, wish, body => body as { code: string })
  expect(refused.code).toBe('certificate-required')

  await page.getByRole('tab', { name: 'Devices' }).click()
  await operator.requestSession('Printer')
  await device.person.accept()
  expect(await operator.firstFrameAtMs()).toBeGreaterThan(0)
  await operator.endSession()

  await page.getByRole('tab', { name: 'Administration' }).click()
  await act('Let everybody in…', 'Let everybody in')
  await expect(page.getByText('Everybody comes in whom the policy allows')).toBeVisible()
  await expect.poll(() => device.program.tail()).toContain('"strict":false')
})

async function post<T>(url: string, path: string, token: string, body: object, read: (body: unknown) => T): Promise<T> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const reply = await fetch(new URL(path, url), { method: 'POST', headers, body: JSON.stringify(body) })
  return read(await reply.json())
}

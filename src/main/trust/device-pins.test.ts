import { expect, it } from 'vitest'
import { idFromBytes } from '#protocol/ids.ts'
import { makeTestKey } from '#testing/keys.ts'
import { memorySecrets } from '#testing/memory-secrets.ts'
import { setupDevicePins } from './device-pins.ts'

const ORIGIN = 'https://relay.example'
const deviceId = idFromBytes('device', new Uint8Array(16).fill(1))

it('keeps the first key of a device over runs, and each relay’s by itself', async () => {
  const secrets = memorySecrets()
  const [one, two] = [await makeTestKey(), await makeTestKey()]
  const device = { deviceId, deviceName: 'Kiosk', deviceKey: one.publicKey }
  expect(await setupDevicePins(secrets).expect(ORIGIN, device)).toEqual(one.publicKey)
  expect(await setupDevicePins(secrets).expect(ORIGIN, device)).toEqual(one.publicKey)
  const elsewhere = await setupDevicePins(secrets).expect('https://other.example', {
    ...device,
    deviceKey: two.publicKey,
  })
  expect(elsewhere).toEqual(two.publicKey)
})

it('A40 refuses another key for a known device, names both in words, and remembers it', async () => {
  const secrets = memorySecrets()
  const pins = setupDevicePins(secrets, () => 5)
  const [one, two] = [await makeTestKey(), await makeTestKey()]
  const device = { deviceId, deviceName: 'Kiosk', deviceKey: one.publicKey }
  await pins.expect(ORIGIN, device)
  const refused = pins.expect(ORIGIN, { ...device, deviceKey: two.publicKey })
  await expect(refused).rejects.toMatchObject({
    code: 'identity-changed',
    message: expect.stringMatching(/Kiosk .*Expected: (\w+ ){7}\w+\. Offered: (\w+ ){7}\w+\./),
  })
  expect(await pins.list(ORIGIN)).toMatchObject([{ key: one.publicKey, refused: [{ key: two.publicKey, atMs: 5 }] }])
  expect(await pins.expect(ORIGIN, device)).toEqual(one.publicKey)
})

it('takes no first key while its list is damaged', async () => {
  const secrets = memorySecrets()
  secrets.kept.set(`device-pins:${ORIGIN}`, '[{"deviceId":1}]')
  const { publicKey } = await makeTestKey()
  const device = { deviceId, deviceName: 'Kiosk', deviceKey: publicKey }
  await expect(setupDevicePins(secrets).expect(ORIGIN, device)).rejects.toMatchObject({ code: 'identity-changed' })
})

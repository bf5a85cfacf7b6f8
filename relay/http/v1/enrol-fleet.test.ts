import { expect, it } from 'vitest'
import { makeTestKey } from '#testing/keys.ts'
import { TestRelay } from '#testing/relay.ts'

const AGENTS = 200

it('A130 200 agents enrol at once from one token and are welcomed, none twice, and the 201st is refused', async () => {
  const relay = await TestRelay.start()
  try {
    const admin = await relay.signIn()
    const token = await relay.mintEnrolmentToken(admin, AGENTS)
    const devices = await Promise.all(
      Array.from({ length: AGENTS }, async (_, index) => relay.enrol(token, await makeTestKey(), `pc-${index}`)),
    )
    await Promise.all(devices.map(async device => (await relay.openAgentSocket(device)).waitFor('welcome')))
    expect(new Set(devices.map(({ deviceId }) => deviceId)).size).toBe(AGENTS)
    await expect(relay.enrol(token)).rejects.toThrow('enrolment-token-invalid')
    const { body } = await relay.call('GET', '/v1/enrolment-tokens', { token: admin })
    expect(body).toMatchObject({ tokens: [{ usesLeft: 0, maxUses: AGENTS, devices: { active: AGENTS, removed: 0 } }] })
    expect((await relay.call('GET', '/v1/devices', { token: admin })).body).toMatchObject({
      devices: { length: AGENTS },
    })
  } finally {
    await relay.close()
  }
}, 30_000)

import { afterEach, describe, expect, it } from 'vitest'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

const TOKEN = 'a-token-for-the-monitoring'
let relay: TestRelay
afterEach(() => relay.close())

const read = (headers: Record<string, string> = {}) => relay.call('GET', '/metrics', { headers })
/** The value of a line, whatever its labels. */
const numberAt = (text: unknown, line: string) =>
  Number(new RegExp(`^${line.replace(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(String(text))?.[1])

describe('the metrics', () => {
  it('say what the relay does, without a name, an address or an id of anybody', async () => {
    relay = await TestRelay.start()
    const session = await TestSession.connect(relay)
    await session.activate()
    const live = await read()
    expect(live.status).toBe(200)
    expect(live.headers.get('content-type')).toContain('text/plain; version=0.0.4')
    expect(numberAt(live.body, 'handhold_devices_connected')).toBe(1)
    expect(numberAt(live.body, 'handhold_operators_connected')).toBe(1)
    expect(numberAt(live.body, 'handhold_sessions{state="active"}')).toBe(1)
    expect(numberAt(live.body, 'handhold_storage_full')).toBe(0)
    expect(numberAt(live.body, 'process_resident_memory_bytes')).toBeGreaterThan(1e6)
    const line = 'handhold_http_requests_total{method="POST",route="/v1/sessions",status="200"}'
    expect(numberAt(live.body, line)).toBe(1)
    await relay.call('GET', `/v1/devices/${session.device.deviceId}/x?y=z`)
    const text = String((await read()).body)
    expect(text).toContain('route="none",status="404"')
    expect(text).not.toMatch(/dev_|ses_|usr_|example|kiosk|127\.0\.0\.1/)
  })

  it('A45 are open to nobody who comes through a proxy, and not to a person who is signed in', async () => {
    relay = await TestRelay.start()
    for (const name of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Real-IP'])
      expect(await read({ [name]: '127.0.0.1' })).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect((await read()).status).toBe(200)
  })

  it('A53 take the configured token, from this machine too, and no other credential', async () => {
    relay = await TestRelay.start({ metricsToken: TOKEN })
    const admin = await relay.signIn()
    for (const token of [undefined, admin, TOKEN.toUpperCase(), `${TOKEN.slice(0, -1)}x`]) {
      const reply = await relay.call('GET', '/metrics', { ...(token && { token }) })
      expect(reply).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
    }
    expect((await relay.call('GET', '/metrics', { token: TOKEN })).status).toBe(200)
  })
})

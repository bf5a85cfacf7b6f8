import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { enrolBody } from '#testing/enrol-body.ts'
import { findFreePort } from '#testing/free-port.ts'
import { makeTestKey } from '#testing/keys.ts'
import { type Program, startProgram } from '#testing/program.ts'
import { waitFor } from '#testing/wait-for.ts'
import { rootGroupId } from '../domain/policy/built-in.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const SECRET = 'a secret for the first start'
const ADA = { email: 'ada@example.org', password: 'correct horse battery' }

/** A disk of its own for the relay: filled when FILL appears, emptied when EMPTY does. */
const SCRIPT = `mount -t tmpfs -o size=30m tmpfs "$DISK" || exit 9
(
  while [ ! -e "$SIGNS/fill" ]; do sleep 0.1; done
  dd if=/dev/zero of="$DISK/other" bs=4k 2>/dev/null
  touch "$SIGNS/filled"
  while [ ! -e "$SIGNS/empty" ]; do sleep 0.1; done
  rm "$DISK/other"
) &
exec "$NODE" "$MAIN"`

function canMount(): boolean {
  try {
    execFileSync('unshare', ['--map-root-user', '--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt'], {
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}

let signs: string
let disk: string
let url: string
let relay: Program
beforeEach(async () => {
  signs = await mkdtemp(join(tmpdir(), 'handhold-signs-'))
  disk = await mkdtemp(join(tmpdir(), 'handhold-disk-'))
  const port = await findFreePort()
  url = `http://127.0.0.1:${port}`
})
afterEach(async () => {
  await relay.stop()
  await Promise.all([signs, disk].map(folder => rm(folder, { recursive: true, force: true })))
})

const start = () =>
  startProgram({
    name: 'relay on a small disk',
    command: 'unshare',
    args: ['--map-root-user', '--mount', '--kill-child', 'sh', '-c', SCRIPT],
    env: {
      DISK: disk,
      SIGNS: signs,
      MAIN,
      NODE: process.execPath,
      HANDHOLD_RELAY_PORT: new URL(url).port,
      HANDHOLD_RELAY_DATA_DIR: disk,
      HANDHOLD_RELAY_BOOTSTRAP_SECRET: SECRET,
    },
    ready: line => (line.includes('"listening"') ? true : undefined),
  })

async function call(method: string, path: string, body?: unknown, token?: string) {
  const headers = {
    ...(body ? { 'content-type': 'application/json' } : {}),
    ...(token && { authorization: `Bearer ${token}` }),
  }
  const response = await fetch(new URL(path, url), { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

describe.skipIf(!canMount())('a relay whose disk is full', () => {
  it('A149 refuses new work with 503 storage-full, still ends, revokes and signs out, and recovers by itself', async () => {
    relay = await start()
    const first = await call('POST', '/v1/bootstrap', {
      secret: SECRET,
      organisationName: 'Example',
      name: 'Ada',
      ...ADA,
    })
    const tokens = [await call('POST', '/v1/sign-in', ADA), await call('POST', '/v1/sign-in', ADA)]
    const [ada = '', other = ''] = tokens.map(({ body }) => body.token)
    const made = await call('POST', '/v1/enrolment-tokens', { maxUses: 1, expiresInS: 60 }, ada)
    expect(made.status).toBe(200)
    const facts = { hostname: 'kiosk-1', platform: 'fake' as const, osName: 'Testix 1', agentVersion: '0.0.0-test' }
    const key = await makeTestKey()
    const { deviceId } = (await call('POST', '/v1/enrol', await enrolBody(made.body.token, key, facts))).body
    const wish = {
      deviceId,
      reason: 'The printer is on fire',
      ticket: null,
      scopes: ['view'],
      operatorKey: key.publicKey,
    }
    const queued = await call('POST', '/v1/sessions', wish, ada)
    expect(queued).toMatchObject({ status: 200, body: { session: { state: { name: 'queued' } } } })

    writeFileSync(join(signs, 'fill'), '')
    await waitFor('a full disk', () => existsSync(join(signs, 'filled')))
    const parentId = rootGroupId(first.body.organisation.id)
    // The first write that finds the disk full turns the reserve into room; from then on new work waits.
    let groups = 0
    await waitFor('a refusal', async () => {
      const { status } = await call('POST', '/v1/groups', { parentId, name: `Group ${++groups}` }, ada)
      return status === 503
    })
    const refused = await call('POST', '/v1/enrolment-tokens', { maxUses: 1, expiresInS: 60 }, ada)
    expect(refused).toMatchObject({ status: 503, body: { code: 'storage-full' } })
    expect((await call('POST', '/v1/sessions', wish, ada)).status).toBe(503)
    expect((await call('GET', '/v1/devices', undefined, ada)).status).toBe(200)
    const session = `/v1/sessions/${queued.body.session.id}`
    expect((await call('POST', `${session}/end`, undefined, ada)).status).toBe(204)
    expect((await call('GET', session, undefined, ada)).body).toMatchObject({ session: { state: { name: 'closed' } } })
    const shut = await call('PUT', `/v1/devices/${deviceId}/status`, { status: 'quarantined' }, ada)
    expect(shut.status).toBe(204)
    expect((await call('POST', '/v1/sign-out', undefined, other)).status).toBe(204)
    expect((await call('GET', '/v1/me', undefined, other)).status).toBe(401)
    expect((await call('DELETE', `/v1/enrolment-tokens/${made.body.id}`, undefined, ada)).status).toBe(200)
    expect((await call('POST', '/v1/sign-in', ADA)).status).toBe(200)

    writeFileSync(join(signs, 'empty'), '')
    await waitFor(
      'the recovery',
      async () => {
        const again = await call('POST', '/v1/enrolment-tokens', { maxUses: 1, expiresInS: 60 }, ada)
        return again.status === 200
      },
      20_000,
    )
  }, 90_000)
})

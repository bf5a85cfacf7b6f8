import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { TestRelay } from '#testing/relay.ts'

it('serves TLS itself with a certificate and a key', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'handhold-tls-'))
  const [certFile, keyFile] = [join(folder, 'relay.crt'), join(folder, 'relay.key')]
  const subject = ['-subj', '/CN=localhost', '-days', '1', '-nodes']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ed25519', '-keyout', keyFile, '-out', certFile, ...subject], {
    stdio: 'pipe',
  })
  const relay = await TestRelay.start({ withoutAdmin: true, config: { tls: { certFile, keyFile } } })
  const status = await new Promise((resolve, reject) => {
    const request = get(new URL('/healthz', relay.url), { rejectUnauthorized: false }, response => {
      response.resume()
      resolve(response.statusCode)
    })
    request.once('error', reject)
  })
  expect(relay.url).toMatch(/^https:/)
  expect(status).toBe(200)
  await relay.close()
  await rm(folder, { recursive: true })
})

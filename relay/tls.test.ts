import { mkdtemp, rm } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeCertificate } from '#testing/certificate.ts'
import { TestRelay } from '#testing/relay.ts'

it('serves TLS itself with a certificate and a key', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'handhold-tls-'))
  const { certFile, keyFile } = makeCertificate(folder)
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

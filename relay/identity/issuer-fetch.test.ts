import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fetchIssuer } from './issuer-fetch.ts'

const get = (url: string, allowLoopback = false) =>
  fetchIssuer(new URL(url), { method: 'GET', headers: {} }, allowLoopback)

describe('requests to identity providers', () => {
  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f000001/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fe80::1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://[fd00:ec2::254]/',
    'https://localhost/',
  ])("go to no address of this machine or of its cloud's: %s", async url => {
    await expect(get(url)).rejects.toThrow('no identity provider may be')
  })

  it('are never plain', async () => {
    await expect(get('http://idp.example.org/')).rejects.toThrow('not HTTPS')
    await expect(get('file:///etc/passwd', true)).rejects.toThrow('not HTTPS')
  })
})

describe('answers of identity providers', () => {
  let server: Server
  beforeEach(async () => {
    server = createServer((request, response) => {
      if (request.url === '/redirect') response.writeHead(302, { location: 'https://elsewhere.example/' }).end()
      else if (request.url === '/huge') response.end('x'.repeat(300 * 1024))
      else response.setHeader('content-type', 'application/json').end('{"a":1}')
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => new Promise(resolve => server.close(resolve)))
  const at = (path: string) => get(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, true)

  it('are bounded, and a redirect is an answer like any other', async () => {
    expect(await (await at('/')).json()).toEqual({ a: 1 })
    expect((await at('/redirect')).status).toBe(302)
    await expect(at('/huge')).rejects.toThrow('too much')
  })
})

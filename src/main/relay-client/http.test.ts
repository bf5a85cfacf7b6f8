import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requestRelay } from './http.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A relay that answers as the test wants, on a real port. */
async function hostileRelay(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

const reply = z.object({ name: z.string() })
const ask = (origin: string) => requestRelay(origin, { method: 'GET', path: '/v1/me', token: 'secret-token', reply })

describe('requestRelay', () => {
  it('returns the checked reply and drops what the schema does not know', async () => {
    const origin = await hostileRelay((_, response) => response.end('{"name":"Ada","__proto__":{"x":1},"extra":2}'))
    await expect(ask(origin)).resolves.toEqual({ name: 'Ada' })
  })

  it('passes the relay’s own refusal on', async () => {
    const origin = await hostileRelay((_, response) => {
      response.statusCode = 409
      const problem = { type: '/v1/problems/device-busy', title: 'Busy', status: 409, code: 'device-busy' }
      response.end(JSON.stringify({ ...problem, detail: 'Somebody is on it.' }))
    })
    await expect(ask(origin)).rejects.toMatchObject({ code: 'device-busy', message: 'Somebody is on it.' })
  })

  it('does not follow a redirect with the token', async () => {
    let followed = false
    const elsewhere = await hostileRelay((_, response) => {
      followed = true
      response.end('{"name":"Eve"}')
    })
    const origin = await hostileRelay((_, response) => {
      response.writeHead(302, { location: elsewhere }).end()
    })
    await expect(ask(origin)).rejects.toMatchObject({ code: 'relay-unreachable' })
    expect(followed).toBe(false)
  })

  it('stops reading a reply that does not end', async () => {
    const origin = await hostileRelay((_, response) => {
      const chunk = Buffer.alloc(1024 * 1024, 'a')
      const pour = () => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', pour)
      pour()
    })
    await expect(ask(origin)).rejects.toMatchObject({ code: 'internal' })
  })

  it('names a reply of another shape', async () => {
    const origin = await hostileRelay((_, response) => response.end('<html>not a relay</html>'))
    await expect(ask(origin)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('Update the app'),
    })
  })

  it('says that a relay cannot be reached', async () => {
    await expect(ask('http://127.0.0.1:1')).rejects.toMatchObject({ code: 'relay-unreachable' })
  })
})

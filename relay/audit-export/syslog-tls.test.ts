import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, getCACertificates, type Server, setDefaultCACertificates } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeCertificate } from '#testing/certificate.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'
import { waitFor } from '#testing/wait-for.ts'

let folder: string
let server: Server
let received: string
/** Each connection's protocol, and where none was made the reason. */
let handshakes: string[]
let clock: ManualClock
let relay: TestRelay | undefined
const trusted = getCACertificates('default')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-syslog-'))
  received = ''
  handshakes = []
  clock = new ManualClock()
})
afterEach(async () => {
  setDefaultCACertificates(trusted)
  await relay?.close()
  relay = undefined
  await new Promise(resolve => server.close(resolve))
  await rm(folder, { recursive: true })
})

/** A real TLS server; its certificate is for `name`. */
async function listen(name = 'localhost'): Promise<{ url: string; certificate: string }> {
  const { certFile, keyFile } = makeCertificate(folder, name)
  const [cert, key] = [await readFile(certFile, 'utf8'), await readFile(keyFile, 'utf8')]
  server = createServer({ cert, key }, socket => {
    handshakes.push(String(socket.getProtocol()))
    socket.on('data', data => {
      received += data.toString()
    })
    socket.on('error', () => undefined)
  })
  server.on('tlsClientError', error => handshakes.push(`refused: ${error.message}`))
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
  return { url: `tls://localhost:${(server.address() as AddressInfo).port}`, certificate: cert }
}
const trust = (certificate: string) => setDefaultCACertificates([...trusted, certificate])

/** The sequence numbers of counted frames, and nothing between them. */
function numbersOf(text: string): number[] {
  const numbers: number[] = []
  for (let rest = Buffer.from(text); rest.length > 0; ) {
    const head = /^(\d+) </.exec(rest.toString('latin1', 0, 12))?.[1] ?? ''
    expect(head).not.toBe('')
    const end = head.length + 1 + Number(head)
    numbers.push(Number(/"sequence":(\d+)/.exec(rest.toString('utf8', 0, end))?.[1]))
    rest = rest.subarray(end)
  }
  return numbers
}

describe('the audit by syslog over TLS (RFC 5425)', () => {
  it('has counted frames with every row, in order, over TLS 1.3', async () => {
    const { url, certificate } = await listen()
    trust(certificate)
    relay = await TestRelay.start({ clock, config: { auditExport: url } })
    await relay.addOperator(await relay.signIn(), 'bob@example.org')
    await relay.close()
    const numbers = numbersOf(received)
    expect(numbers.length).toBeGreaterThan(2)
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    expect(new Set(handshakes)).toEqual(new Set(['TLSv1.3']))
  })

  it.each([
    ['nobody trusts', 'localhost', false],
    ['is another host’s', 'elsewhere.example', true],
  ])('A116 tells nothing to a server whose certificate %s, and goes on trying', async (_, name, isTrusted) => {
    const { url, certificate } = await listen(name)
    if (isTrusted) trust(certificate)
    relay = await TestRelay.start({ clock, config: { auditExport: url } })
    await relay.addOperator(await relay.signIn(), 'bob@example.org')
    const tries = () => handshakes.length
    await waitFor('more than one try', () => {
      clock.advance(1_000)
      return tries() > 1
    })
    expect(received).toBe('')
    await relay.close()
    expect(received).toBe('')
  })
})

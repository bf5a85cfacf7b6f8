import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { type Browser, type BrowserContextOptions, chromium } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type IceConfiguration, IcePaths } from '#protocol/peer/ice-paths.ts'
import type { Paths } from '#protocol/wire/paths.ts'
import { makeCertificate } from '#testing/certificate.ts'
import { type HardWay, openConnectProxy, openSlowWay } from '#testing/hard-ways.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

let folder: string
let relay: TestRelay
let session: TestSession
let ends: { readonly agent: Paths; readonly operator: Paths }
let spki: string
let way: HardWay | undefined
const authorities = getCACertificates('default')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-turns-'))
  const tls = makeCertificate(folder, 'localhost', { isForBrowsers: true })
  const certificate = readFileSync(tls.certFile, 'utf8')
  // The test's own clients trust it, and the browser by the digest of its key.
  setDefaultCACertificates([...authorities, certificate])
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })
  spki = createHash('sha256').update(key).digest('base64')
  relay = await TestRelay.start({ config: { tls } })
  session = await TestSession.connect(relay)
  await session.activate()
  const agent = (await session.agent.waitFor('session.paths')).paths
  ends = { agent, operator: (await session.operator.waitFor('session.paths')).paths }
})
afterAll(async () => {
  setDefaultCACertificates(authorities)
  await session.operator.close()
  await session.agent.close()
  await relay.close()
  await rm(folder, { recursive: true, force: true })
})
afterEach(async () => {
  await way?.close()
  way = undefined
})

/** A browser in a network that lets no UDP through. */
const launch = (...trust: string[]): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--force-webrtc-ip-handling-policy=disable_non_proxied_udp', ...trust],
  })
const trusting = () => launch(`--ignore-certificate-errors-spki-list=${spki}`)

/** As the programs make it for the relay at this address, but for the kind of TURN that isn't wanted. */
function through(url: string, paths: Paths, kind: 'turn' | 'turns'): IceConfiguration {
  const ways = new IcePaths()
  ways.set(url, { ...paths, onlyRelay: true })
  const { iceServers, ...rest } = ways.next()
  const wanted = iceServers.map(server => ({ ...server, urls: server.urls.filter(one => one.startsWith(`${kind}:`)) }))
  return { ...rest, iceServers: wanted }
}

/** The session's two ends in one page, the operator's by TLS alone. Resolves with what came back and by what it went; null where there was no way within `withinMs`. */
async function connectEnds(browser: Browser, url: string, options: BrowserContextOptions = {}, withinMs = 60_000) {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  try {
    return await page.evaluate(
      async ({ device, operator, withinMs }) => {
        const [one, other] = [new RTCPeerConnection(device), new RTCPeerConnection(operator)]
        one.onicecandidate = ({ candidate }) => candidate && void other.addIceCandidate(candidate)
        other.onicecandidate = ({ candidate }) => candidate && void one.addIceCandidate(candidate)
        const channel = one.createDataChannel('control')
        other.ondatachannel = event => {
          event.channel.onmessage = message => event.channel.send(`${message.data} and back`)
        }
        channel.onopen = () => channel.send('there')
        const answer = new Promise<string>(resolve => {
          channel.onmessage = event => resolve(event.data)
        })
        await one.setLocalDescription()
        await other.setRemoteDescription(one.localDescription as RTCSessionDescription)
        await other.setLocalDescription()
        await one.setRemoteDescription(other.localDescription as RTCSessionDescription)
        const text = await Promise.race([answer, new Promise(resolve => setTimeout(resolve, withinMs, null))])
        const ways: string[] = []
        for (const entry of (await other.getStats()).values())
          if (entry.type === 'local-candidate') ways.push(`${entry.candidateType} ${entry.relayProtocol}`)
        one.close()
        other.close()
        return { text, ways: [...new Set(ways)] }
      },
      { device: through(relay.url, ends.agent, 'turn'), operator: through(url, ends.operator, 'turns'), withinMs },
    )
  } finally {
    await context.close()
  }
}

const at = (port: number) => `https://127.0.0.1:${port}`
const ANSWERED = { text: 'there and back', ways: ['relay tls'] }

describe('a real peer behind a hard network, by TURN inside TLS on the relay’s port', { timeout: 150_000 }, () => {
  it('A122 is there without UDP, with 800 ms to the relay and back, and behind an HTTP proxy', async () => {
    const browser = await trusting()
    try {
      expect(await connectEnds(browser, relay.url)).toEqual(ANSWERED)
      way = await openSlowWay(Number(new URL(relay.url).port), 400)
      expect(await connectEnds(browser, at(way.port))).toEqual(ANSWERED)
      await way.close()
      way = await openConnectProxy()
      // Without this word a browser asks no proxy for its own machine.
      const proxy = { server: `http://127.0.0.1:${way.port}`, bypass: '<-loopback>' }
      expect(await connectEnds(browser, relay.url, { proxy })).toEqual(ANSWERED)
      expect(way.asked).toContain(new URL(relay.url).host)
    } finally {
      await browser.close()
    }
  })

  it('A116 is not there where the relay’s certificate isn’t trusted', async () => {
    const browser = await launch()
    try {
      expect(await connectEnds(browser, relay.url, {}, 3_000)).toEqual({ text: null, ways: [] })
    } finally {
      await browser.close()
    }
  })
})

import { afterEach, expect, it } from 'vitest'
import { idFromBytes } from '#protocol/ids.ts'
import { type AnsweringPeer, createAnsweringPeer } from '#testing/answering-peer.ts'
import { seededRandom } from '#testing/seeded-random.ts'
import { SlowLink } from '#testing/slow-link.ts'
import { sourceProgram } from '#testing/source-program.ts'
import { type Child, startChild } from '../links/child.ts'
import { type HostToService, hostToServiceSchema, type ServiceToHost } from '../links/host-link.ts'

const sessionId = idFromBytes('session', new Uint8Array(16))
/** What an MTU of 1280 leaves beneath the headers of IPv6 and UDP. */
const PACKET_MAX_BYTES = 1280 - 40 - 8

let peer: AnsweringPeer
let host: Child<ServiceToHost>
let link: SlowLink
afterEach(async () => {
  peer.close()
  host.kill()
  await host.exited
  link.close()
})

it('A122 two ends find each other and the picture arrives where every fifth packet is lost and none over an MTU of 1280 passes', async () => {
  const random = seededRandom(122)
  let lost = 0
  const loses = () => random() < 0.2 && ++lost > 0
  link = new SlowLink({ kbps: 5_000, delayMs: 40, queueBytes: 128 * 1024, loses, packetMaxBytes: PACKET_MAX_BYTES })
  host = startChild<HostToService, ServiceToHost>({
    command: sourceProgram(new URL('../../testing/fake-host.ts', import.meta.url)),
    environment: { PATH: process.env.PATH ?? '' },
    incoming: hostToServiceSchema,
    onMessage: message => {
      if (message.type === 'ready') host.send({ type: 'start', sessionId, scopes: ['view', 'control'] })
      if (message.type === 'signal')
        void link.fromAgent(message.signal).then(signal => signal && peer.handleSignal(signal))
      if (message.type === 'fingerprints') host.send({ type: 'trust-peer' })
      if (message.type === 'peer-trusted') peer.trust()
    },
    onInvalid: () => undefined,
    onLine: line => console.error(line),
  })
  peer = createAnsweringPeer(signal => {
    const passed = link.fromOperator(signal)
    if (passed) host.send({ type: 'signal', signal: passed })
  })
  host.send({ type: 'prepare', target: { platform: 'fake', displayAddress: null } })
  const { width, height } = await peer.picture(picture => picture.at(320, 240).red > 200)
  expect([width, height]).toEqual([640, 480])
  expect(lost).toBeGreaterThan(0)
})

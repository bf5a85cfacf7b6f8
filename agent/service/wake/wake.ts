import { createSocket } from 'node:dgram'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { HandholdError } from '#protocol/errors.ts'
import type { WakeOrder } from '#protocol/wire/wake.ts'

/** The discard port: where network cards expect it, and where nothing listens. */
const WAKE_PORT = 9
/** Broadcasts get lost, and nobody says whether one arrived. */
const REPEATS = 3

export interface WakeOptions {
  readonly interfaces?: () => NodeJS.Dict<NetworkInterfaceInfo[]>
  readonly port?: number
}

/**
 * Asks sleeping machines of a network that this one is in to wake up. What is sent is made here of nothing but the hardware addresses. The socket only sends: it is
 * closed as soon as that is done. Throws `bad-request` for a network that this machine isn't in.
 */
export async function wake({ network, macs }: WakeOrder, options: WakeOptions = {}): Promise<void> {
  const { interfaces = networkInterfaces, port = WAKE_PORT } = options
  const own = Object.values(interfaces()).flatMap(places => places ?? [])
  const place = own.find(({ family, cidr }) => family === 'IPv4' && cidr !== null && startOf(cidr) === startOf(network))
  if (!place) throw new HandholdError('bad-request', 'This device is not in that network.')
  const socket = createSocket('udp4')
  try {
    // From the address in that network, so that it leaves through that interface.
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(0, place.address, resolve)
    })
    socket.setBroadcast(true)
    const packets = macs.flatMap(mac => new Array<Buffer>(REPEATS).fill(magicPacket(mac)))
    const broadcast = textOf(bitsOf(place.address) | ~bitsOf(place.netmask))
    for (const packet of packets)
      await new Promise<void>((resolve, reject) => {
        socket.send(packet, port, broadcast, error => (error ? reject(error) : resolve()))
      })
  } finally {
    socket.close()
  }
}

/** Six bytes of ones, and the card's address sixteen times. */
function magicPacket(mac: string): Buffer {
  const address = Buffer.from(mac.replaceAll(':', ''), 'hex')
  return Buffer.concat([Buffer.alloc(6, 0xff), ...new Array<Buffer>(16).fill(address)])
}

/** The first address of a network and the length of its prefix, whichever of its addresses is named. */
function startOf(cidr: string): string {
  const [address = '', bits = ''] = cidr.split('/')
  const mask = Number(bits) === 0 ? 0 : -1 << (32 - Number(bits))
  return `${textOf(bitsOf(address) & mask)}/${bits}`
}

const bitsOf = (address: string): number => address.split('.').reduce((sum, part) => (sum << 8) | Number(part), 0)
const textOf = (value: number): string => [24, 16, 8, 0].map(shift => (value >>> shift) & 255).join('.')

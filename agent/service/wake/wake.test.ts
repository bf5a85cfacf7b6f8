import { createSocket, type Socket } from 'node:dgram'
import type { NetworkInterfaceInfo } from 'node:os'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { wakeOrderSchema } from '#protocol/wire/wake.ts'
import { wake } from './wake.ts'

const place: NetworkInterfaceInfo = {
  address: '127.0.0.1',
  netmask: '255.0.0.0',
  cidr: '127.0.0.1/8',
  family: 'IPv4',
  mac: '00:00:00:00:00:00',
  internal: true,
}
const MAC = '02:42:ac:11:00:02'
const packet = Buffer.from(`${'ff'.repeat(6)}${'0242ac110002'.repeat(16)}`, 'hex')

let receiver: Socket
let received: Buffer[]
beforeEach(async () => {
  received = []
  receiver = createSocket('udp4')
  receiver.on('message', message => void received.push(message))
  await new Promise<void>(resolve => receiver.bind(0, '0.0.0.0', resolve))
})
afterEach(() => new Promise<void>(resolve => receiver.close(() => resolve())))

const options = () => ({ interfaces: () => ({ lo: [place] }), port: receiver.address().port })

it('sends the magic packet to everybody in the network, by the network’s broadcast address', async () => {
  const third = new Promise(resolve => receiver.on('message', () => received.length === 3 && resolve(null)))
  await wake({ network: '127.0.0.0/8', macs: [MAC] }, options())
  await third
  expect(received).toEqual([packet, packet, packet])
})

it('A127 refuses a network that this machine is not in, and what is no address of a card', async () => {
  for (const network of ['192.0.2.0/24', '127.0.0.0/16', '0.0.0.0/0'])
    await expect(wake({ network, macs: [MAC] }, options())).rejects.toMatchObject({ code: 'bad-request' })
  for (const order of [
    { network: '127.0.0.0/8', macs: [] },
    { network: '127.0.0.0/8', macs: ['$(reboot)'] },
    { network: '127.0.0.0/8', macs: new Array(5).fill(MAC) },
    { network: 'example.org', macs: [MAC] },
  ])
    expect(wakeOrderSchema.safeParse(order).success).toBe(false)
  expect(received).toEqual([])
})

import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { addressKey, clientAddress } from './client-address.ts'

function request(remoteAddress: string, forwarded?: string): IncomingMessage {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress })
  const message = new IncomingMessage(socket)
  if (forwarded !== undefined) message.headers['x-forwarded-for'] = forwarded
  return message
}

describe('clientAddress', () => {
  it.each([
    ["without a proxy it is the socket's", '192.0.2.1', '203.0.113.9', 0, '192.0.2.1'],
    ['mapped IPv4 is IPv4', '::ffff:192.0.2.1', undefined, 0, '192.0.2.1'],
    ['one hop is the last entry', '10.0.0.1', '6.6.6.6, 203.0.113.9', 1, '203.0.113.9'],
    ['two hops are the one before', '10.0.0.1', '6.6.6.6, 203.0.113.9, 10.0.0.2', 2, '203.0.113.9'],
    ["too few entries are the socket's", '10.0.0.1', '203.0.113.9', 2, '10.0.0.1'],
    ["what is no address is the socket's", '10.0.0.1', '127.0.0.\\1', 1, '10.0.0.1'],
    ['hexadecimal mapping is IPv4', '10.0.0.1', '::ffff:c000:0201', 1, '192.0.2.1'],
    ['a zone goes', 'fe80::1%eth0', undefined, 0, 'fe80:0:0:0:0:0:0:1'],
  ])('A20 %s', (_name, remote, forwarded, hops, expected) => {
    expect(clientAddress(request(remote, forwarded), hops)).toBe(expected)
  })
})

describe('addressKey', () => {
  it('A19 is one for a /56 and another for the next', () => {
    expect(addressKey('2001:db8:1:1200::1')).toBe(addressKey('2001:db8:1:12ff:9:9:9:9'))
    expect(addressKey('2001:db8:1:1200::1')).not.toBe(addressKey('2001:db8:1:1300::1'))
    expect(addressKey('192.0.2.1')).toBe('192.0.2.1')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PeerCandidates } from './candidates.ts'

const line = (address: string, port = 50_000, transport = 'udp') =>
  `candidate:842163049 1 ${transport} 1677729535 ${address} ${port} typ host generation 0 ufrag x network-cost 999`
const takes = (candidate: string) => new PeerCandidates().takes(candidate)

describe('A37 what another peer names', () => {
  it.each(['192.0.2.7', '10.1.2.3', '172.16.0.1', '198.51.100.255', '2001:db8::7', 'fd00::2', '100.64.0.1'])(
    'is dialled at %s',
    address => expect(takes(line(address))).toBe(true),
  )

  it.each([
    'relay.example',
    '0d6f1b0e-9d3e-4a55-8f6c-0f3f8d1f9e2a.local',
    'localhost',
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:192.0.2.7',
    '::',
    '0.0.0.0',
    '169.254.169.254',
    '::ffff:a9fe:a9fe',
    'fe80::1',
    'FEBF::1',
    'fe80::1%eth0',
    '224.0.0.251',
    '239.1.2.3',
    '255.255.255.255',
    'ff02::fb',
    '0177.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '256.1.1.1',
    '1.2.3.4.5',
    '[2001:db8::7]',
    '2001:db8::7]@evil.example/',
  ])('is not dialled at %s', address => expect(takes(line(address))).toBe(false))

  it('is not dialled over TCP, at the port of a service, or where it is no candidate', () => {
    for (const port of [0, 9, 22, 53, 80, 443, 1_023]) expect(takes(line('192.0.2.7', port))).toBe(false)
    for (const transport of ['tcp', 'TCP', 'ssltcp', 'tls'])
      expect(takes(line('192.0.2.7', 50_000, transport))).toBe(false)
    for (const text of [
      '',
      'candidate:',
      'candidate:1 1 udp',
      `x${line('192.0.2.7')}`,
      `${line('192.0.2.7').slice(0, 50)}`,
    ])
      expect(takes(text)).toBe(false)
    expect(takes(line('192.0.2.7').replace('udp', 'UDP'))).toBe(true)
  })

  it('is dialled on this machine by who has no other address', () => {
    const candidates = new PeerCandidates()
    expect(candidates.noteOwn(line('192.0.2.2'))).toBe(false)
    candidates.noteOwn(`v=0\r\na=${line('192.0.2.3')}\r\n`)
    expect(candidates.takes(line('127.0.0.1'))).toBe(false)
    expect(candidates.another().takes(line('127.0.0.1'))).toBe(false)
    expect(candidates.noteOwn(`v=0\r\na=${line('127.0.0.1')}\r\n`)).toBe(true)
    expect(candidates.noteOwn(line('127.0.0.1'))).toBe(false)
    expect(candidates.takes(line('127.0.0.1'))).toBe(true)
    expect(candidates.another().takes(line('127.0.0.1'))).toBe(true)
    expect(candidates.takes(line('127.0.0.1', 22))).toBe(false)
  })

  it('is dialled at 200 addresses, however they are named', () => {
    const candidates = new PeerCandidates()
    const many = Array.from({ length: 10_000 }, (_, index) => `a=${line(`10.0.${index >> 8}.${index & 255}`)}`)
    const left = candidates.within(['v=0', ...many, 'a=mid:0', ''].join('\r\n')).split('\r\n')
    expect(left).toEqual(['v=0', ...many.slice(0, 200), 'a=mid:0', ''])
    expect(candidates.takes(line('192.0.2.7'))).toBe(false)
  })

  it('leaves everything else of a description as it is, whatever that is', () => {
    const text = fc.array(fc.oneof(fc.string(), fc.constant('a=mid:0'), fc.constant('a=end-of-candidates')))
    fc.assert(
      fc.property(text, lines => {
        const sdp = lines.filter(each => !/^a=candidate/im.test(each)).join('\r\n')
        expect(new PeerCandidates().within(sdp)).toBe(sdp)
      }),
    )
    const sdp = ['v=0', `a=${line('127.0.0.1')}`, `a=${line('192.0.2.7')}`, 'a=mid:0', ''].join('\r\n')
    expect(new PeerCandidates().within(sdp)).toBe(sdp.replace(`a=${line('127.0.0.1')}\r\n`, ''))
  })
})

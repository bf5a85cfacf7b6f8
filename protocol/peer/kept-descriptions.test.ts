import { expect, test } from 'vitest'
import { keepingDescriptions, steadyConnections } from './kept-descriptions.ts'

const OFFER = { type: 'offer', sdp: 'v=0\r\nm=application 9\r\na=mid:0\r\nm=video 9\r\na=mid:1\r\n' } as const
const UNDERSTOOD = { type: 'answer', sdp: 'v=0\r\na=as-it-was-understood\r\n' } as const

/** As the addon's: to read a description is dangerous, once something else may be writing in it. */
class NativeConnection extends EventTarget {
  remoteReads = 0
  onicecandidate: ((event: unknown) => void) | null = null
  isUnderstood = false
  get localDescription(): never {
    throw new Error('a local description is written in while candidates are found')
  }
  get remoteDescription() {
    if (!this.isUnderstood) return null
    this.remoteReads++
    return { ...UNDERSTOOD }
  }
  async setLocalDescription({ sdp }: { type: string; sdp: string }) {
    if (sdp === '') throw new Error('no description')
  }
  async setRemoteDescription() {
    this.isUnderstood = true
    this.dispatchEvent(new Event('signalingstatechange'))
  }
  find(line: string, sdpMLineIndex: number | null) {
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: { candidate: line, sdpMLineIndex } }))
  }
}

test('the local description is what was set, with the candidates found since, each in its section', async () => {
  const native = new NativeConnection()
  const connection = keepingDescriptions(native) as NativeConnection & { localDescription: unknown }
  expect(connection.localDescription).toBeNull()
  await connection.setLocalDescription({ ...OFFER })
  expect(connection.localDescription).toEqual(OFFER)
  native.find('candidate:1 1 udp 1 127.0.0.1 9 typ host', 0)
  native.find('candidate:2 1 udp 1 127.0.0.1 9 typ host', 1)
  expect(connection.localDescription).toEqual({
    type: 'offer',
    sdp: 'v=0\r\nm=application 9\r\na=mid:0\r\na=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\nm=video 9\r\na=mid:1\r\na=candidate:2 1 udp 1 127.0.0.1 9 typ host\r\n',
  })
})

test('what could not be set is not what is told', async () => {
  const connection = keepingDescriptions(new NativeConnection())
  await expect(connection.setLocalDescription({ type: 'offer', sdp: '' })).rejects.toThrow('no description')
  expect(connection.localDescription).toBeNull()
})

test('the remote description is read back once for each that is set, and there as the state changes', async () => {
  const native = new NativeConnection()
  const connection = keepingDescriptions(native)
  expect(connection.remoteDescription).toBeNull()
  const atChange: unknown[] = []
  native.addEventListener('signalingstatechange', () => atChange.push(connection.remoteDescription))
  await connection.setRemoteDescription()
  expect(atChange).toEqual([UNDERSTOOD])
  expect([connection.remoteDescription, connection.remoteDescription]).toEqual([UNDERSTOOD, UNDERSTOOD])
  expect(native.remoteReads).toBe(1)
  await connection.setRemoteDescription()
  expect(connection.remoteDescription).toEqual(UNDERSTOOD)
  expect(native.remoteReads).toBe(2)
})

test('everything else is the connection’s own, handlers too', () => {
  const native = new NativeConnection()
  const connection = keepingDescriptions(native)
  const handler = () => undefined
  connection.onicecandidate = handler
  expect(native.onicecandidate).toBe(handler)
})

test('whoever makes a connection of a steady class gets one whose descriptions are kept, and which is one of that class', async () => {
  const Steady = steadyConnections(NativeConnection)
  const connection = new Steady()
  expect(connection).toBeInstanceOf(NativeConnection)
  await connection.setLocalDescription(OFFER)
  expect(connection.localDescription).toEqual(OFFER)
})

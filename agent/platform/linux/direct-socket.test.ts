import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seededRandom } from '#testing/seeded-random.ts'
import { connectDirectly } from './direct-socket.ts'

let folder: string
let path: string
let server: Server
let socket: Socket
let other: Socket

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-direct-'))
  path = join(folder, 'socket')
  server = createServer({ allowHalfOpen: true }).listen(path)
  await once(server, 'listening')
  const accepted = once(server, 'connection')
  socket = connectDirectly(path)
  await once(socket, 'connect')
  other = (await accepted)[0]
})

afterEach(async () => {
  socket.destroy()
  other.destroy()
  server.close()
  await rm(folder, { recursive: true, force: true })
})

/** Pieces of up to 90 kB and what they are together. */
function pieces(count: number): { parts: Buffer[]; whole: Buffer } {
  const random = seededRandom(7)
  const parts = Array.from({ length: count }, () =>
    Buffer.from(Array.from({ length: 1 + Math.floor(random() ** 4 * 90_000) }, () => Math.floor(random() * 256))),
  )
  return { parts, whole: Buffer.concat(parts) }
}

async function receive(from: Socket, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let got = 0
  await new Promise<void>(resolve => {
    from.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      got += chunk.length
      if (got >= bytes) resolve()
    })
  })
  return Buffer.concat(chunks)
}

test('what is written arrives whole and in order, also where the other end reads late', async () => {
  const { parts, whole } = pieces(60)
  const written = parts.map(part => new Promise(resolve => socket.write(part, resolve)))
  expect(socket.writableLength).toBeGreaterThan(0)
  const received = await receive(other, whole.length)
  expect(received.equals(whole)).toBe(true)
  await Promise.all(written)
  expect(socket.writableLength).toBe(0)
})

test('a little leaves at once, and its callback is called at once', () => {
  let isWritten = false
  expect(socket.write(Buffer.from('little'), () => (isWritten = true))).toBe(true)
  expect([isWritten, socket.writableLength]).toEqual([true, 0])
})

test('what is read is handed on whole and in order, and stays as it is', async () => {
  const { parts, whole } = pieces(60)
  const received = receive(socket, whole.length)
  for (const part of parts) other.write(part)
  expect((await received).equals(whole)).toBe(true)
})

test('the end of the other side ends it', async () => {
  socket.resume()
  other.end()
  await once(socket, 'close')
  expect(socket.destroyed).toBe(true)
})

test('to write to one that is gone closes it, and never throws', async () => {
  const problems: unknown[] = []
  socket.on('error', problem => problems.push(problem))
  const closed = new Promise(resolve => socket.on('close', resolve))
  socket.pause()
  other.destroy()
  await once(other, 'close')
  expect(() => socket.write(Buffer.alloc(10))).not.toThrow()
  expect(() => socket.write(Buffer.alloc(10))).not.toThrow()
  await closed
  expect(() => socket.write(Buffer.alloc(10))).not.toThrow()
  expect(problems).toMatchObject([{ code: 'EPIPE' }])
})

test('nobody at the path is told as with every socket', async () => {
  const lonely = connectDirectly(join(folder, 'nobody'))
  expect((await once(lonely, 'error'))[0].code).toBe('ENOENT')
})

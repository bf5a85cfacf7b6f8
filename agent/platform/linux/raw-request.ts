import type { XClient } from 'x11'
import type { XConnection } from './connection.ts'

/** A request that the package doesn't know, or does wrongly. `parse` gets what follows the eight bytes that all replies begin with. */
export function askRaw<T>(connection: XConnection, request: Buffer, parse: (reply: Buffer) => T): Promise<T> {
  return connection.ask<T>(answer => {
    const { client } = connection
    enqueue(client, request)
    client.replies[client.seq_num] = [parse, answer]
    client.pack_stream.submit(true)
  })
}

/** The same for a request without a reply. */
export function tellRaw(connection: XConnection, request: Buffer): void {
  connection.tell(client => {
    enqueue(client, request)
    client.pack_stream.submit(false)
  })
}

function enqueue(client: XClient, request: Buffer): void {
  client.seq_num++
  client.pack_stream.put(request)
}

/** An X request: its two opcodes (core requests have only the first; `detail` is then data), its length in words, its body padded to whole words. */
export function xRequest(opcode: number, detail: number, body: Buffer): Buffer {
  const bytes = 4 + Math.ceil(body.length / 4) * 4
  const request = Buffer.alloc(bytes)
  request.writeUInt8(opcode, 0)
  request.writeUInt8(detail, 1)
  request.writeUInt16LE(bytes / 4, 2)
  body.copy(request, 4)
  return request
}

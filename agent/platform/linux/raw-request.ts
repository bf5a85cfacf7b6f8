import type { XClient } from 'x11'
import type { XConnection } from './connection.ts'

/**
 * A request that the package doesn't know, or does wrongly, or makes too much of where it comes with each frame. `parse` gets what follows the eight bytes that
 * all replies begin with. `requests` may be several, of which the last one has the reply.
 */
export function askRaw<T>(
  connection: XConnection,
  requests: Buffer,
  parse: (reply: Buffer) => T,
  count = 1,
): Promise<T> {
  return connection.ask<T>(answer => {
    const { client } = connection
    enqueue(client, requests, count)
    client.replies[client.seq_num] = [parse, answer]
    client.pack_stream.submit(true)
  })
}

/** The same for several requests with a reply each, of which nobody wants to know more than that they are there. Resolves with the last. */
export function askRawEach(connection: XConnection, requests: Buffer, count: number): Promise<void> {
  return connection.ask<void>(answer => {
    const { client } = connection
    const first = client.seq_num + 1
    let failure: Error | null | undefined
    enqueue(client, requests, count)
    for (let sequence = first; sequence < client.seq_num; sequence++)
      client.replies[sequence] = [
        nothing,
        error => {
          failure ??= error
          return true
        },
      ]
    client.replies[client.seq_num] = [nothing, error => answer(failure ?? error, undefined)]
    client.pack_stream.submit(true)
  })
}

const nothing = (): undefined => undefined

/** The same for a request without a reply. */
export function tellRaw(connection: XConnection, request: Buffer): void {
  connection.tell(client => {
    enqueue(client, request, 1)
    client.pack_stream.submit(false)
  })
}

function enqueue(client: XClient, requests: Buffer, count: number): void {
  client.seq_num += count
  client.pack_stream.put(requests)
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

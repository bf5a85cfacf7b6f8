import type { Rectangle, XConnection } from './connection.ts'

/** The package knows RANDR up to 1.3; this request is of 1.5. */
const GET_MONITORS = 42
const REQUEST_BYTES = 12
/** In the reply, after the eight bytes that all replies begin with. */
const COUNT_AT = 4
const MONITORS_AT = 24
const MONITOR_BYTES = 24

interface ActiveMonitor {
  readonly place: Rectangle
  readonly isPrimary: boolean
}

/** What the server, or a person with `xrandr --setmonitor`, says is a monitor: a large screen that counts as two, or two panels that count as one. */
export function activeMonitors({ client, root, ask }: XConnection, randrOpcode: number): Promise<ActiveMonitor[]> {
  const request = Buffer.alloc(REQUEST_BYTES)
  request.writeUInt8(randrOpcode, 0)
  request.writeUInt8(GET_MONITORS, 1)
  request.writeUInt16LE(REQUEST_BYTES / 4, 2)
  request.writeUInt32LE(root, 4)
  request.writeUInt8(1, 8)
  return ask<ActiveMonitor[]>(answer => {
    client.seq_num++
    client.pack_stream.put(request)
    client.replies[client.seq_num] = [parse, answer]
    client.pack_stream.submit(true)
  })
}

function parse(reply: Buffer): ActiveMonitor[] {
  let at = MONITORS_AT
  return Array.from({ length: reply.readUInt32LE(COUNT_AT) }, () => {
    const [x, y] = [reply.readInt16LE(at + 8), reply.readInt16LE(at + 10)]
    const [width, height] = [reply.readUInt16LE(at + 12), reply.readUInt16LE(at + 14)]
    const isPrimary = reply.readUInt8(at + 4) !== 0
    // The outputs that it is made of follow it.
    at += MONITOR_BYTES + reply.readUInt16LE(at + 6) * 4
    return { place: { x, y, width, height }, isPrimary }
  })
}

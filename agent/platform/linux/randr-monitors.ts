import type { Rect } from '../platform.ts'
import type { XConnection } from './connection.ts'
import type { Extensions } from './extensions.ts'

/** The package knows RANDR up to 1.3; this request is of 1.5. */
const GET_MONITORS = 42
const REQUEST_BYTES = 12
const MONITORS_AT = 24
const MONITOR_BYTES = 24

interface MonitorInfo {
  readonly nameAtom: number
  readonly bounds: Rect
  readonly isPrimary: boolean
}

/** What the server, or a person with `xrandr --setmonitor`, says is a monitor: a large screen that counts as two, or two panels that count as one. */
export async function readActiveMonitors(
  connection: XConnection,
  randr: Extensions['randr'],
): Promise<{ name: string; bounds: Rect; isPrimary: boolean }[]> {
  const infos = await connection.ask<MonitorInfo[]>(answer => {
    const { client, screen } = connection
    const request = Buffer.alloc(REQUEST_BYTES)
    request.writeUInt8(randr.majorOpcode, 0)
    request.writeUInt8(GET_MONITORS, 1)
    request.writeUInt16LE(REQUEST_BYTES / 4, 2)
    request.writeUInt32LE(screen.root, 4)
    request.writeUInt8(1, 8)
    client.seq_num++
    client.pack_stream.put(request)
    client.replies[client.seq_num] = [parseMonitors, answer]
    client.pack_stream.submit(true)
  })
  return Promise.all(
    infos.map(async ({ nameAtom, bounds, isPrimary }) => ({
      name: await connection.ask<string>(answer => connection.client.GetAtomName(nameAtom, answer)),
      bounds,
      isPrimary,
    })),
  )
}

/** `reply` is what follows the eight bytes that all replies begin with. */
function parseMonitors(reply: Buffer): MonitorInfo[] {
  const count = reply.readUInt32LE(4)
  const monitors: MonitorInfo[] = []
  for (let at = MONITORS_AT; monitors.length < count; ) {
    monitors.push({
      nameAtom: reply.readUInt32LE(at),
      isPrimary: reply.readUInt8(at + 4) !== 0,
      bounds: {
        x: reply.readInt16LE(at + 8),
        y: reply.readInt16LE(at + 10),
        width: reply.readUInt16LE(at + 12),
        height: reply.readUInt16LE(at + 14),
      },
    })
    at += MONITOR_BYTES + reply.readUInt16LE(at + 6) * 4
  }
  return monitors
}

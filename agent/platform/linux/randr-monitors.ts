import type { Rect } from '../platform.ts'
import type { XConnection } from './connection.ts'
import type { Extensions } from './extensions.ts'
import { askRaw, xRequest } from './raw-request.ts'

/** The package knows RANDR up to 1.3; this request is of 1.5. */
const GET_MONITORS = 42
const MONITORS_AT = 24
const MONITOR_BYTES = 24

const GET_ATOM_NAME = 17
const NAME_AT = 24

interface MonitorInfo {
  readonly nameAtom: number
  readonly bounds: Rect
  readonly isPrimary: boolean
}

/** What the server, or a person with `xrandr --setmonitor`, says is a monitor: a large screen that counts as two, or two panels that count as one. */
export async function readActiveMonitors(
  connection: XConnection,
  { majorOpcode }: Extensions['randr'],
): Promise<{ name: string; bounds: Rect; isPrimary: boolean }[]> {
  const body = Buffer.alloc(8)
  body.writeUInt32LE(connection.screen.root, 0)
  body.writeUInt8(1, 4)
  const infos = await askRaw(connection, xRequest(majorOpcode, GET_MONITORS, body), parseMonitors)
  return Promise.all(
    infos.map(async ({ nameAtom, bounds, isPrimary }) => ({
      name: await readAtomName(connection, nameAtom),
      bounds,
      isPrimary,
    })),
  )
}

/** The package remembers the atoms of one server for all servers of a process. */
function readAtomName(connection: XConnection, atom: number): Promise<string> {
  const body = Buffer.alloc(4)
  body.writeUInt32LE(atom)
  return askRaw(connection, xRequest(GET_ATOM_NAME, 0, body), reply =>
    reply.toString('utf8', NAME_AT, NAME_AT + reply.readUInt16LE(0)),
  )
}

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

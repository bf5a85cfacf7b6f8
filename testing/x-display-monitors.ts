import { XConnection } from '../agent/platform/linux/connection.ts'
import { readActiveMonitors } from '../agent/platform/linux/randr-monitors.ts'
import { askRaw, tellRaw, xRequest } from '../agent/platform/linux/raw-request.ts'
import type { Rect } from '../agent/platform/platform.ts'

const INTERN_ATOM = 16
const GRAB_SERVER = 36
const UNGRAB_SERVER = 37
/** Of RANDR 1.5, which the package doesn't know. */
const SET_MONITOR = 43
const DELETE_MONITOR = 44

/** The one that the server makes by itself for an output that no other monitor has, as Xvfb and Xephyr call it. */
const AUTOMATIC: readonly string[] = ['screen', 'default']

/**
 * Gives a display these monitors, as `xrandr --setmonitor` does. One of the same name is moved, others are deleted. The first has the server's only output.
 * None: the one monitor that the server makes by itself. `main`: what the person calls their main one.
 */
export async function setMonitors(
  display: string,
  monitors: Readonly<Record<string, Rect>>,
  main?: string,
): Promise<void> {
  const problems: Error[] = []
  const connection = await XConnection.open(display, problem => problems.push(problem))
  const { root } = connection.screen
  const randr = await connection.extension('randr')
  const { outputs } = await connection.ask<{ outputs: number[] }>(answer =>
    randr.GetScreenResourcesCurrent(root, answer as never),
  )
  const before = (await readActiveMonitors(connection, randr)).map(({ name }) => name)
  const atoms = new Map<string, number>()
  for (const name of [...before, ...Object.keys(monitors)]) atoms.set(name, await internAtom(connection, name))
  const tell = (minor: number, body: Buffer) => tellRaw(connection, xRequest(randr.majorOpcode, minor, body))

  // Nobody sees the moment in which a monitor that is only moved isn't there.
  tellRaw(connection, xRequest(GRAB_SERVER, 0, Buffer.alloc(0)))
  for (const name of before) if (!AUTOMATIC.includes(name)) tell(DELETE_MONITOR, words(root, atoms.get(name) ?? 0))
  for (const [index, [name, rect]] of Object.entries(monitors).entries()) {
    const info = monitorInfo(atoms.get(name) ?? 0, rect, index === 0 ? outputs.slice(0, 1) : [], name === main)
    tell(SET_MONITOR, Buffer.concat([words(root), info]))
  }
  tellRaw(connection, xRequest(UNGRAB_SERVER, 0, Buffer.alloc(0)))
  await connection.sync()
  await connection.close()
  if (problems[0]) throw problems[0]
}

function internAtom(connection: XConnection, name: string): Promise<number> {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(name.length)
  const request = xRequest(INTERN_ATOM, 0, Buffer.concat([head, Buffer.from(name, 'latin1')]))
  return askRaw(connection, request, reply => reply.readUInt32LE(0))
}

function monitorInfo(name: number, { x, y, width, height }: Rect, outputs: readonly number[], isMain: boolean): Buffer {
  const info = Buffer.alloc(24)
  info.writeUInt32LE(name, 0)
  info.writeUInt8(isMain ? 1 : 0, 4)
  info.writeUInt16LE(outputs.length, 6)
  for (const [index, value] of [x, y, width, height].entries()) info.writeInt16LE(value, 8 + index * 2)
  // Millimetres.
  info.writeUInt32LE(300, 16)
  info.writeUInt32LE(200, 20)
  return Buffer.concat([info, words(...outputs)])
}

function words(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) buffer.writeUInt32LE(value, index * 4)
  return buffer
}

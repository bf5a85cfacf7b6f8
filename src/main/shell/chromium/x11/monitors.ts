import { activeMonitors } from './active-monitors.ts'
import type { RandrExtension, Rectangle, XConnection } from './connection.ts'

interface Monitors {
  readonly whole: Rectangle
  readonly primary: Rectangle | undefined
  readonly lit: readonly Rectangle[]
}

/** The monitor that the person calls their main one; the whole screen where the server doesn't know monitors. */
export async function primaryMonitor(connection: XConnection): Promise<Rectangle> {
  const { primary, lit, whole } = await readMonitors(connection)
  return primary ?? lit[0] ?? whole
}

/** Every monitor that shows something; the whole screen where the server doesn't know monitors. */
export async function litMonitors(connection: XConnection): Promise<readonly Rectangle[]> {
  const { lit, whole } = await readMonitors(connection)
  return lit.length > 0 ? lit : [whole]
}

async function readMonitors(connection: XConnection): Promise<Monitors> {
  const { client, root, ask } = connection
  const screen = await ask<{ width: number; height: number }>(answer => client.GetGeometry(root, answer))
  const whole = { x: 0, y: 0, width: screen.width, height: screen.height }
  try {
    const randr = await connection.extension('randr')
    return { whole, ...(await (knowsMonitors(randr) ? readActive(connection, randr) : readCrtcs(connection, randr))) }
  } catch {
    return { whole, primary: undefined, lit: [] }
  }
}

const knowsMonitors = ({ major_version: major, minor_version: minor }: RandrExtension): boolean =>
  major > 1 || (major === 1 && minor >= 5)

async function readActive(connection: XConnection, { majorOpcode }: RandrExtension): Promise<Omit<Monitors, 'whole'>> {
  const all = (await activeMonitors(connection, majorOpcode)).filter(({ place }) => place.width > 0)
  return { primary: all.find(({ isPrimary }) => isPrimary)?.place, lit: all.map(({ place }) => place) }
}

async function readCrtcs({ root, ask }: XConnection, randr: RandrExtension): Promise<Omit<Monitors, 'whole'>> {
  const main = await ask<number>(answer => randr.GetOutputPrimary(root, answer))
  const { crtcs, config_timestamp } = await ask<{ crtcs: number[]; config_timestamp: number }>(answer =>
    randr.GetScreenResourcesCurrent(root, answer),
  )
  const all = await Promise.all(
    crtcs.map(crtc =>
      ask<Rectangle & { mode: number; output: number[] }>(answer => randr.GetCrtcInfo(crtc, config_timestamp, answer)),
    ),
  )
  const lit = all.filter(info => info.mode !== 0 && info.width > 0)
  const primary = lit.find(info => info.output.includes(main))
  return { primary: primary && placeOf(primary), lit: lit.map(placeOf) }
}

const placeOf = ({ x, y, width, height }: Rectangle): Rectangle => ({ x, y, width, height })

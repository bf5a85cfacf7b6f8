import { ALL_DISPLAYS } from '#protocol/peer/control.ts'
import type { Display, Rect } from '../platform.ts'
import type { XConnection } from './connection.ts'
import type { Extensions } from './extensions.ts'
import { readActiveMonitors } from './randr-monitors.ts'

type Randr = Extensions['randr']

/** A lit monitor as the server has it. */
export interface Monitor {
  readonly name: string
  readonly bounds: Rect
  readonly isPrimary: boolean
}

/** Ids are told to operators, who send them back. */
const ID_MAX_CHARACTERS = 60

/** The lit monitors within the desktop; the server's monitors where it knows them (RANDR 1.5), its CRTCs otherwise. */
export async function readMonitors(connection: XConnection, randr: Randr, desktop: Rect): Promise<Display[]> {
  const monitors = await (hasMonitors(randr) ? readActiveMonitors(connection, randr) : readCrtcs(connection, randr))
  const visible = monitors.flatMap(monitor => {
    const bounds = intersect(monitor.bounds, desktop)
    return bounds ? [{ ...monitor, bounds }] : []
  })
  const primaryIndex = Math.max(
    visible.findIndex(({ isPrimary }) => isPrimary),
    0,
  )
  const ids = new Set<string>()
  return visible.map(({ name, bounds }, index) => ({
    id: uniqueId(name, ids),
    name,
    bounds,
    isPrimary: index === primaryIndex,
  }))
}

const hasMonitors = ({ major_version, minor_version }: Randr): boolean =>
  major_version > 1 || (major_version === 1 && minor_version >= 5)

/** As long as the monitor keeps its name it keeps its id. Names may be anything, and those that users give needn't differ. */
function uniqueId(name: string, taken: Set<string>): string {
  const base = name.slice(0, ID_MAX_CHARACTERS) || 'monitor'
  let id = base === ALL_DISPLAYS ? `${base}-1` : base
  for (let number = 2; taken.has(id); number++) id = `${base}-${number}`
  taken.add(id)
  return id
}

async function readCrtcs(connection: XConnection, randr: Randr): Promise<Monitor[]> {
  const { root } = connection.screen
  const resources = await connection.ask<{ crtcs: number[]; config_timestamp: number }>(answer =>
    randr.GetScreenResourcesCurrent(root, answer),
  )
  const primary = await connection.ask<number>(answer => randr.GetOutputPrimary(root, answer))
  const monitors: Monitor[] = []
  for (const crtc of resources.crtcs) {
    const info = await connection.ask<Rect & { mode: number; output: number[] }>(answer =>
      randr.GetCrtcInfo(crtc, resources.config_timestamp, answer),
    )
    const output = info.output.includes(primary) ? primary : info.output[0]
    if (info.mode === 0 || output === undefined) continue
    const { name } = await connection.ask<{ name: string }>(answer =>
      randr.GetOutputInfo(output, resources.config_timestamp, answer),
    )
    const { x, y, width, height } = info
    monitors.push({ name, bounds: { x, y, width, height }, isPrimary: output === primary })
  }
  return monitors
}

function intersect(a: Rect, b: Rect): Rect | undefined {
  const x = Math.max(a.x, b.x)
  const y = Math.max(a.y, b.y)
  const width = Math.min(a.x + a.width, b.x + b.width) - x
  const height = Math.min(a.y + a.height, b.y + b.height) - y
  return width > 0 && height > 0 ? { x, y, width, height } : undefined
}

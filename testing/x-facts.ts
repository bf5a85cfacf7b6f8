import { XConnection } from '../agent/platform/linux/connection.ts'
import type { Region } from './world/received-picture.ts'

const VIEWABLE = 2

/** Reads one thing of an X display over a connection of its own. */
async function read<T>(display: string, reader: (connection: XConnection) => Promise<T>): Promise<T> {
  const connection = await XConnection.open(display, () => undefined)
  try {
    return await reader(connection)
  } finally {
    await connection.close()
  }
}

/** The top-level windows that can be seen, frames included, lowest first. */
export function visibleWindows(display: string): Promise<Region[]> {
  return read(display, async connection => {
    const { client, screen } = connection
    const tree = await connection.ask<{ children: number[] }>(answer => client.QueryTree(screen.root, answer))
    const windows: Region[] = []
    for (const id of tree.children) {
      try {
        const { mapState } = await connection.ask<{ mapState: number }>(answer =>
          client.GetWindowAttributes(id, answer),
        )
        if (mapState !== VIEWABLE) continue
        const box = await connection.ask<{ xPos: number; yPos: number; width: number; height: number }>(answer =>
          client.GetGeometry(id, answer),
        )
        windows.push({ x: box.xPos, y: box.yPos, width: box.width, height: box.height })
      } catch {
        // The window was closed while it was looked at.
      }
    }
    return windows
  })
}

export function pointerPosition(display: string): Promise<{ x: number; y: number }> {
  return read(display, async connection => {
    const { client, screen } = connection
    const pointer = await connection.ask<{ rootX: number; rootY: number }>(answer =>
      client.QueryPointer(screen.root, answer),
    )
    return { x: pointer.rootX, y: pointer.rootY }
  })
}

/** The keycodes that the server thinks are down. */
export function heldKeycodes(display: string): Promise<number[]> {
  return read(display, async connection => {
    const bits = await connection.ask<Buffer>(answer => connection.client.QueryKeymap(answer))
    return Array.from({ length: 256 }, (_, code) => code).filter(code => (bits[code >> 3] ?? 0) & (1 << (code & 7)))
  })
}

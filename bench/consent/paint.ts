import { XConnection } from '../../agent/platform/linux/connection.ts'
import type { Region } from '../../testing/world/received-picture.ts'

const PAINT_EVERY_MS = 30

/** Paints a part of the desktop itself in ever new colours, behind every window. */
export async function paintAllTheTime(display: string, at: Region): Promise<{ stop(): Promise<void> }> {
  const connection = await XConnection.open(display, () => undefined)
  const { client, screen } = connection
  const gc = client.AllocID()
  client.CreateGC(gc, screen.root, { foreground: 0, graphicsExposures: 0 })
  let colour = 0
  const timer = setInterval(() => {
    colour = (colour + 0x050301) & 0xffffff
    client.ChangeGC(gc, { foreground: colour })
    client.PolyFillRectangle(screen.root, gc, [at.x, at.y, at.width, at.height])
  }, PAINT_EVERY_MS)
  return {
    stop() {
      clearInterval(timer)
      return connection.close()
    },
  }
}

import type { Page } from 'playwright'

export interface CountedWindow {
  receivedBytes(): Promise<number>
}

/** Notes each peer connection that the page makes from now on, to read what its transport received. */
export async function countReceived(page: Page): Promise<void> {
  await page.evaluate(() => {
    const connections: RTCPeerConnection[] = []
    const Native = window.RTCPeerConnection
    window.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super(configuration)
        connections.push(this)
      }
    }
    const received = async (connection: RTCPeerConnection) => {
      let bytes = 0
      for (const entry of (await connection.getStats()).values())
        if (entry.type === 'transport') bytes += entry.bytesReceived ?? 0
      return bytes
    }
    Object.assign(window, {
      receivedBytes: async () => (await Promise.all(connections.map(received))).reduce((sum, bytes) => sum + bytes, 0),
    })
  })
}

/** Gives the window a size in which one pixel of the picture is one pixel of the window. */
export async function showAtNativeSize(page: Page, picture: string, size: { width: number; height: number }) {
  const room = { width: size.width + 100, height: size.height + 200 }
  await page.setViewportSize(room)
  const stage = await page.locator(picture).locator('visible=true').first().locator('..').boundingBox()
  if (!stage) throw new Error('the operator window shows no picture')
  await page.setViewportSize({
    width: room.width - Math.round(stage.width) + size.width,
    height: room.height - Math.round(stage.height) + size.height,
  })
}

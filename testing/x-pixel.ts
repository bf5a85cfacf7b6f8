import { XConnection } from '../agent/platform/linux/connection.ts'

const Z_PIXMAP = 2
const ALL_PLANES = 0xffffffff

/** What is seen there: red, green and blue, two digits each. */
export async function pixelAt(display: string, x: number, y: number): Promise<string> {
  const connection = await XConnection.open(display, () => undefined)
  try {
    const { client, screen } = connection
    const { data } = await connection.ask<{ data: Buffer }>(answer =>
      client.GetImage(Z_PIXMAP, screen.root, x, y, 1, 1, ALL_PLANES, answer as never),
    )
    const [blue = 0, green = 0, red = 0] = data
    return Buffer.of(red, green, blue).toString('hex')
  } finally {
    await connection.close()
  }
}

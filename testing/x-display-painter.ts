import { COVER_PROPERTY } from '#protocol/person/cover.ts'
import { XConnection } from '../agent/platform/linux/connection.ts'

/** A rectangle of one colour, `0xRRGGBB`, in pixels of the desktop. */
export interface ColourBlock {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly colour: number
}

/** A real X client with a window over the whole desktop. */
export interface Painter {
  /** Resolves when the server has painted all of them. */
  fill(blocks: readonly ColourBlock[]): Promise<void>
  /** Moves the picture up by `rows` pixels, as scrolling does. */
  scrollUp(rows: number): Promise<void>
  /** Gives the pointer over the window another shape: a square of `size` pixels, with its middle as the hotspot. */
  setCursor(size: number, colour: number): Promise<void>
  /** Moves the pointer as a mouse does. */
  movePointer(x: number, y: number): Promise<void>
  /** Takes the window away. */
  close(): Promise<void>
}

const COPY_FROM_PARENT = 0
const CARDINAL = 6
const INPUT_OUTPUT = 1

/**
 * With `isCover` its window is the one that a serviced device shows to people. `isBehind`: behind every window that is there, as a desktop's own picture is; in front of
 * all of them it would hide the person's banner, which pauses a session.
 */
export async function openPainter(name: string, { isCover = false, isBehind = false } = {}): Promise<Painter> {
  const connection = await XConnection.open(name, () => undefined)
  const { client, screen } = connection
  const [window, gc] = [client.AllocID(), client.AllocID()]
  const { width, height } = await connection.ask<{ width: number; height: number }>(answer =>
    client.GetGeometry(screen.root, answer),
  )
  client.CreateWindow(window, screen.root, 0, 0, width, height, 0, COPY_FROM_PARENT, INPUT_OUTPUT, COPY_FROM_PARENT, {
    overrideRedirect: true,
    backgroundPixel: 0,
  })
  if (isCover) {
    const property = await connection.ask<number>(answer => client.InternAtom(false, COVER_PROPERTY, answer))
    client.ChangeProperty(0, window, property, CARDINAL, 32, Buffer.alloc(4))
  }
  client.MapWindow(window)
  if (isBehind) client.LowerWindow(window)
  client.CreateGC(gc, window, { foreground: 0, graphicsExposures: 0 })
  await connection.sync()

  return {
    async fill(blocks) {
      for (const { x, y, width, height, colour } of blocks) {
        client.ChangeGC(gc, { foreground: colour })
        client.PolyFillRectangle(window, gc, [x, y, width, height])
      }
      await connection.sync()
    },
    async scrollUp(rows) {
      client.CopyArea(window, window, gc, 0, rows, 0, 0, width, height - rows)
      await connection.sync()
    },
    async setCursor(size, colour) {
      const [bitmap, bitmapGc, cursor] = [client.AllocID(), client.AllocID(), client.AllocID()]
      client.CreatePixmap(bitmap, window, 1, size, size)
      client.CreateGC(bitmapGc, bitmap, { foreground: 1 })
      client.PolyFillRectangle(bitmap, bitmapGc, [0, 0, size, size])
      const ink = { R: wide(colour >> 16), G: wide(colour >> 8), B: wide(colour) }
      client.CreateCursor(cursor, bitmap, bitmap, ink, ink, size >> 1, size >> 1)
      client.ChangeWindowAttributes(window, { cursor })
      await connection.sync()
    },
    async movePointer(x, y) {
      const xtest = await connection.extension('xtest')
      xtest.FakeInput(xtest.MotionNotify, 0, 0, screen.root, x, y)
      await connection.sync()
    },
    close: () => connection.close(),
  }
}

/** X colours of cursors have 16 bits a channel. */
function wide(channel: number): number {
  return (channel & 0xff) * 257
}

import { TILES_BODY_MAX_BYTES } from '../../limits.ts'
import { COMMAND, stencilBytes, TilesError } from '../tiles.ts'
import { BodyReader } from './bytes.ts'
import {
  copyRect,
  createPicture,
  fillRect,
  type Picture,
  pixelOf,
  type Rect,
  type Rows,
  requireInside,
  stencilRect,
} from './picture.ts'
import { readPixels } from './pixels.ts'

/** What a frame may touch: this many times the picture, and a little for small pictures. Eight bytes can ask for a copy of 64 million pixels. */
const WORK_PICTURES = 16
const WORK_MIN_PIXELS = 1 << 20
/** More rectangles than this are told as the one around them all. */
const DIRTY_MAX = 512

export interface AppliedFrame {
  /** What is so now. It shares its pixels with the picture before, unless the frame began a new one. */
  readonly picture: Picture
  /** The whole lossless picture is to be shown: it is new, or the device's again after a video. */
  readonly showsAll: boolean
  /** What else is to be drawn, in the order of the commands. Nothing of it is while the video has the canvas. */
  readonly dirty: readonly Rect[]
  /** It said something about what the device shows; a size alone is black. */
  readonly hasContent: boolean
}

/**
 * Applies one frame's body (inflated) to the picture in place. `undefined` is the picture before a stream's first frame. Throws `TilesError` and nothing
 * else for bytes that aren't of the protocol; the picture is then half changed and of no more use.
 */
export function applyFrame(picture: Picture | undefined, body: Uint8Array): AppliedFrame {
  if (body.length > TILES_BODY_MAX_BYTES) throw new TilesError('body-too-large')
  const frame = new Frame(picture)
  const reader = new BodyReader(body)
  while (!reader.isAtEnd) frame.handle(reader)
  return frame.result()
}

class Frame {
  #picture: Picture | undefined
  #epoch: number | undefined
  #rows: Rows | undefined
  #isNew = false
  #hasContent = false
  #showsAll = false
  #dirty: Rect[] = []
  #workLeft = 0

  constructor(picture: Picture | undefined) {
    this.#setPicture(picture)
  }

  handle(reader: BodyReader): void {
    const command = reader.byte() as (typeof COMMAND)[keyof typeof COMMAND]
    switch (command) {
      case COMMAND.size:
        this.#resize(reader.varint(), reader.varint())
        break
      case COMMAND.copy:
        this.#copy(readRect(reader), reader.varint(), reader.varint())
        break
      case COMMAND.rect:
        this.#rect(readRect(reader), reader)
        break
      case COMMAND.again:
        this.#rect(this.#readAgain(reader), reader)
        break
      case COMMAND.fill: {
        const rect = this.#take(readRect(reader))
        fillRect(this.#require(), rect, pixelOf(reader.byte(), reader.byte(), reader.byte()))
        break
      }
      case COMMAND.stencil: {
        const rect = this.#take(readRect(reader))
        const colour = pixelOf(reader.byte(), reader.byte(), reader.byte())
        stencilRect(this.#require(), rect, colour, reader.take(stencilBytes(rect.width * rect.height)))
        break
      }
      case COMMAND.motion:
        this.#setEpoch(reader.byte())
        break
      case COMMAND.tiles:
        this.#setEpoch(undefined)
        break
      case COMMAND.exact:
        this.#require()
        this.#hasContent = true
        this.#showAll()
        break
      default:
        // The build checks that every command has its case; at run time any byte of a stranger gets here.
        refuseUnknown(command)
    }
  }

  result(): AppliedFrame {
    return {
      picture: { ...this.#require(), epoch: this.#epoch, rows: this.#rows },
      showsAll: this.#showsAll,
      dirty: this.#dirty,
      hasContent: this.#hasContent,
    }
  }

  #rect(rect: Rect, reader: BodyReader): void {
    this.#take(rect)
    this.#rows = { y: rect.y, height: rect.height }
    readPixels(this.#require(), rect, reader)
  }

  #readAgain(reader: BodyReader): Rect {
    if (!this.#rows) throw new TilesError('nothing-above')
    const { y, height } = this.#rows
    return { x: reader.varint(), y, width: reader.varint(), height }
  }

  #require(): Picture {
    if (!this.#picture) throw new TilesError('no-size')
    return this.#picture
  }

  #setPicture(picture: Picture | undefined): void {
    this.#picture = picture
    this.#epoch = picture?.epoch
    this.#rows = picture?.rows
    this.#workLeft = picture ? Math.max(WORK_MIN_PIXELS, picture.pixels.length * WORK_PICTURES) : 0
  }

  #resize(width: number, height: number): void {
    // Twice in one frame would only take memory twice.
    if (this.#isNew) throw new TilesError('bad-size')
    this.#setPicture(createPicture(width, height))
    this.#isNew = true
    this.#showAll()
  }

  #showAll(): void {
    this.#showsAll = true
    this.#dirty = []
  }

  #setEpoch(epoch: number | undefined): void {
    this.#require()
    this.#epoch = epoch
  }

  #copy(from: Rect, toX: number, toY: number): void {
    requireInside(this.#require(), from)
    const to = this.#take({ x: toX, y: toY, width: from.width, height: from.height })
    copyRect(this.#require(), from, to.x, to.y)
  }

  /** Checks a rectangle that is about to change and remembers it. */
  #take(rect: Rect): Rect {
    requireInside(this.#require(), rect)
    this.#hasContent = true
    this.#workLeft -= rect.width * rect.height
    if (this.#workLeft < 0) throw new TilesError('too-much-work')
    if (this.#showsAll || this.#epoch !== undefined) return rect
    if (this.#dirty.length === DIRTY_MAX) this.#dirty = [this.#dirty.reduce(around)]
    this.#dirty.push(rect)
    return rect
  }
}

function refuseUnknown(_command: never): never {
  throw new TilesError('unknown-command')
}

const readRect = (reader: BodyReader): Rect => ({
  x: reader.varint(),
  y: reader.varint(),
  width: reader.varint(),
  height: reader.varint(),
})

function around(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  const width = Math.max(a.x + a.width, b.x + b.width) - x
  const height = Math.max(a.y + a.height, b.y + b.height) - y
  return { x, y, width, height }
}

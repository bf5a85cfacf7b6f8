import { COMMAND } from '#protocol/peer/tiles.ts'
import type { Operations, Stencil } from '../../../pixels/known-picture.ts'
import type { Rect } from '../../../platform/platform.ts'

const START_BYTES = 16 * 1024

/** The commands of one frame after another. What it wrote in earlier frames shortens later ones, so every frame must be sent. */
export class FrameBody {
  #bytes = Buffer.allocUnsafe(START_BYTES)
  #length = 0
  /** Bytes at the end that a body's end says as well. */
  #tailBytes = 0
  #rows: Pick<Rect, 'y' | 'height'> | undefined

  get length(): number {
    return this.#length
  }

  /** Lent until the next call. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length - this.#tailBytes)
  }

  clear(): void {
    this.#length = 0
    this.#tailBytes = 0
  }

  size(width: number, height: number): void {
    this.#write(COMMAND.size, width, height)
    this.#rows = undefined
  }

  copy({ x, y, width, height }: Rect, toX: number, toY: number): void {
    this.#write(COMMAND.copy, x, y, width, height, toX, toY)
  }

  rect({ x, y, width, height }: Rect, { bytes, tailBytes }: Operations): void {
    if (this.#rows?.y === y && this.#rows.height === height) this.#write(COMMAND.again, x, width)
    else this.#write(COMMAND.rect, x, y, width, height)
    this.#rows = { y, height }
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    this.#tailBytes = tailBytes
  }

  stencil({ x, y, width, height }: Rect, { colour, bits }: Stencil): void {
    this.#write(COMMAND.stencil, x, y, width, height)
    for (const byte of [colour, colour >>> 8, colour >>> 16]) this.#byte(byte & 0xff)
    for (const byte of bits) this.#byte(byte)
  }

  motion(epoch: number): void {
    this.#write(COMMAND.motion)
    this.#byte(epoch)
  }

  tiles(): void {
    this.#write(COMMAND.tiles)
  }

  exact(): void {
    this.#write(COMMAND.exact)
  }

  #write(command: number, ...numbers: readonly number[]): void {
    this.#tailBytes = 0
    this.#byte(command)
    for (const number of numbers) this.#varint(number)
  }

  #varint(number: number): void {
    let left = number
    for (; left >= 0x80; left >>>= 7) this.#byte((left & 0x7f) | 0x80)
    this.#byte(left)
  }

  #byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#length + bytes, this.#bytes.length * 2))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}

import { randomUUID } from 'node:crypto'
import { closeSync, constants, ftruncateSync, openSync, readSync, unlinkSync } from 'node:fs'
import type { Rect } from '../platform.ts'
import type { XConnection } from './connection.ts'
import { askRawEach } from './raw-request.ts'

const SHARED_MEMORY_FOLDER = '/dev/shm'

const GET_IMAGE = 4
const GET_IMAGE_BYTES = 32
const Z_PIXMAP = 2
const ALL_PLANES = 0xffffffff

/** Memory that the X server writes pictures into. It has no name, so nothing is left behind however this process ends. */
export class ShmSegment {
  readonly #opcode: number
  readonly #id: number
  readonly #connection: XConnection
  readonly #fd: number
  readonly #detach: () => void
  #isClosed = false

  private constructor(connection: XConnection, opcode: number, id: number, fd: number, detach: () => void) {
    this.#connection = connection
    this.#opcode = opcode
    this.#id = id
    this.#fd = fd
    this.#detach = detach
  }

  /** Rejects where memory can't be shared: a server on another machine, one without MIT-SHM 1.2, a container without /dev/shm. */
  static async open(connection: XConnection, sizeBytes: number): Promise<ShmSegment> {
    const owner = await connection.descriptors()
    const shm = await owner.extension('shm')
    const fd = openNamelessFile(sizeBytes)
    const id = owner.client.AllocID()
    try {
      await owner.ask(answer => shm.AttachFd(id, fd, false, error => answer(error, undefined)))
      const detach = () => owner.tell(() => shm.Detach(id))
      return new ShmSegment(connection, shm.majorOpcode, id, fd, detach)
    } catch (error) {
      closeSync(fd)
      throw error
    }
  }

  /** Resolves when the pixels of all `rects` of the drawable are here, each where `starts` says. Rejects when one lies outside of it. */
  fill(drawable: number, rects: readonly Rect[], starts: readonly number[]): Promise<void> {
    const requests = Buffer.alloc(rects.length * GET_IMAGE_BYTES)
    rects.forEach((rect, index) => {
      this.#writeGetImage(requests, index * GET_IMAGE_BYTES, drawable, rect, starts[index] ?? 0)
    })
    return askRawEach(this.#connection, requests, rects.length)
  }

  #writeGetImage(into: Buffer, at: number, drawable: number, { x, y, width, height }: Rect, startBytes: number): void {
    into.writeUInt8(this.#opcode, at)
    into.writeUInt8(GET_IMAGE, at + 1)
    into.writeUInt16LE(GET_IMAGE_BYTES / 4, at + 2)
    into.writeUInt32LE(drawable, at + 4)
    into.writeInt16LE(x, at + 8)
    into.writeInt16LE(y, at + 10)
    into.writeUInt16LE(width, at + 12)
    into.writeUInt16LE(height, at + 14)
    into.writeUInt32LE(ALL_PLANES, at + 16)
    into.writeUInt8(Z_PIXMAP, at + 20)
    into.writeUInt32LE(this.#id, at + 24)
    into.writeUInt32LE(startBytes, at + 28)
  }

  read(into: Uint8Array, positionBytes: number): void {
    const got = readSync(this.#fd, into, 0, into.length, positionBytes)
    if (got !== into.length) throw new Error(`the shared segment ended ${into.length - got} bytes early`)
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#detach()
    closeSync(this.#fd)
  }
}

function openNamelessFile(sizeBytes: number): number {
  const path = `${SHARED_MEMORY_FOLDER}/handhold-${randomUUID()}`
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600)
  try {
    unlinkSync(path)
    ftruncateSync(fd, sizeBytes)
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

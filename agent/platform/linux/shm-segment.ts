import { randomUUID } from 'node:crypto'
import { closeSync, constants, ftruncateSync, openSync, readSync, unlinkSync } from 'node:fs'
import type { XConnection } from './connection.ts'
import type { Extensions } from './extensions.ts'

const SHARED_MEMORY_FOLDER = '/dev/shm'

/** Memory that the X server writes pictures into. It has no name, so nothing is left behind however this process ends. */
export class ShmSegment {
  readonly shm: Extensions['shm']
  readonly id: number
  readonly #connection: XConnection
  readonly #fd: number
  #isClosed = false

  private constructor(connection: XConnection, shm: Extensions['shm'], id: number, fd: number) {
    this.#connection = connection
    this.shm = shm
    this.id = id
    this.#fd = fd
  }

  /** Rejects where memory can't be shared: a server on another machine, one without MIT-SHM 1.2, a container without /dev/shm. */
  static async open(connection: XConnection, sizeBytes: number): Promise<ShmSegment> {
    const shm = await connection.extension('shm')
    const fd = openNamelessFile(sizeBytes)
    const id = connection.client.AllocID()
    try {
      await connection.ask(answer => shm.AttachFd(id, fd, false, error => answer(error, undefined)))
      return new ShmSegment(connection, shm, id, fd)
    } catch (error) {
      closeSync(fd)
      throw error
    }
  }

  read(into: Uint8Array, positionBytes: number): void {
    const got = readSync(this.#fd, into, 0, into.length, positionBytes)
    if (got !== into.length) throw new Error(`the shared segment ended ${into.length - got} bytes early`)
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#connection.tell(() => this.shm.Detach(this.id))
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

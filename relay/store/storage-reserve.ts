import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

const RESERVE_BYTES = 8 * 1024 * 1024
const CHUNK_BYTES = 1024 * 1024

/**
 * Room on the database's disk that is kept for the day on which there is no other: a file of real bytes. When a write finds the disk full the file
 * goes, and what ends and revokes can still be written; new work waits until somebody has made room.
 */
export class StorageReserve {
  readonly #file: string
  #isFull = false

  constructor(file: string) {
    this.#file = file
  }

  /** New work isn't taken. */
  get isFull(): boolean {
    return this.#isFull
  }

  /** Makes the reserve where there is none and room for it and as much again. Safe to repeat; never throws. */
  keep(): void {
    if (existsSync(this.#file) && !this.#isFull) return
    try {
      const { bavail, bsize } = statfsSync(dirname(this.#file))
      this.#isFull = bavail * bsize < RESERVE_BYTES * 2
      if (!this.#isFull) this.#fill()
    } catch {
      this.release()
    }
  }

  /** The disk is full: the reserve becomes room to write in. */
  release(): void {
    this.#isFull = true
    rmSync(this.#file, { force: true })
  }

  #fill(): void {
    const descriptor = openSync(this.#file, 'w', 0o600)
    try {
      const chunk = Buffer.alloc(CHUNK_BYTES, 1)
      for (let written = 0; written < RESERVE_BYTES; written += CHUNK_BYTES) writeSync(descriptor, chunk)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  }
}

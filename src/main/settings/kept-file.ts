import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { z } from 'zod'

/** Something small that the app remembers between runs, as one file of JSON. A missing or damaged file counts as none; nothing in it is secret. */
export class KeptFile<T> {
  readonly #path: string
  readonly #schema: z.ZodType<T>
  readonly #absent: T

  constructor(path: string, schema: z.ZodType<T>, absent: T) {
    this.#path = path
    this.#schema = schema
    this.#absent = absent
  }

  async read(): Promise<T> {
    try {
      return this.#schema.parse(JSON.parse(await readFile(this.#path, 'utf8')))
    } catch {
      return this.#absent
    }
  }

  async write(kept: T): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
    const temporary = `${this.#path}.${process.pid}.new`
    await writeFile(temporary, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 })
    await rename(temporary, this.#path)
  }
}

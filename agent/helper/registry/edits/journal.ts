import { type FileHandle, open } from 'node:fs/promises'
import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import { JOURNAL_MAX, type RegistryJournalRow } from '#protocol/tools/registry.ts'
import type { Branch, Step } from '../registry.ts'

/** Of one session's edits, with all that they replaced. */
const JOURNAL_MAX_BYTES = 256 * 1024 * 1024

export interface JournalEntry {
  readonly edit: number
  readonly atMs: number
  readonly operator: string
  readonly verb: string
  readonly object: string
  /** The edit that this one takes back. */
  readonly undoes: number | null
  readonly steps: readonly Step[]
}

interface Place {
  readonly head: Omit<JournalEntry, 'steps'>
  readonly at: number
  readonly bytes: number
}

/**
 * What was edited in a session, in a file of its own with before and after: a line is on the disk before the edit is done. What stands there stays; that an edit
 * failed or was undone is another line.
 */
export class Journal {
  readonly #path: string
  #file: FileHandle | undefined
  #places = new Map<number, Place>()
  readonly #undone = new Set<number>()
  #size = 0

  constructor(path: string) {
    this.#path = path
  }

  /** The newest first. */
  rows(): RegistryJournalRow[] {
    return [...this.#places.values()].map(({ head }) => ({ ...head, isUndone: this.#undone.has(head.edit) })).reverse()
  }

  /** Reads what an earlier helper of this session wrote. Rejects with `tool-unavailable`. */
  async open(): Promise<void> {
    if (this.#file) return
    this.#file = await guard(() => open(this.#path, 'a+', 0o600))
    const text = await guard(() => this.#file?.readFile('utf8') ?? Promise.resolve(''))
    let at = 0
    for (const line of text.split('\n')) {
      const bytes = Buffer.byteLength(line) + 1
      const read = parseLine(line)
      if (read) this.#take(read, at, bytes)
      at += bytes
    }
    this.#size = Buffer.byteLength(text)
    // A line that a power cut left half is ended here.
    if (text !== '' && !text.endsWith('\n')) await this.#append('')
  }

  /** Resolves when it is on the disk. */
  async add(entry: Omit<JournalEntry, 'edit'>): Promise<number> {
    if (this.#places.size >= JOURNAL_MAX || this.#size > JOURNAL_MAX_BYTES)
      throw new HandholdError(
        'tool-unavailable',
        'The journal of this session is full. End the session and begin another one.',
      )
    const edit = Math.max(0, ...this.#places.keys()) + 1
    const at = this.#size
    await this.#append(JSON.stringify({ edit, ...entry }, toLine))
    const { steps: _steps, ...head } = entry
    this.#take({ ...head, edit }, at, this.#size - at)
    return edit
  }

  /** It was not done, or what was done of it was taken back at once. */
  async failed(edit: number): Promise<void> {
    await this.#append(JSON.stringify({ failed: edit }))
    this.#take({ failed: edit }, 0, 0)
  }

  /** Throws `not-found` for an edit that isn't in it. */
  async entry(edit: number): Promise<JournalEntry> {
    const place = this.#places.get(edit)
    if (!place || !this.#file) throw new HandholdError('not-found', 'There is no such edit in the journal.')
    const { buffer } = await this.#file.read(Buffer.alloc(place.bytes), 0, place.bytes, place.at)
    return entrySchema.parse(JSON.parse(buffer.toString('utf8')))
  }

  isUndone(edit: number): boolean {
    return this.#undone.has(edit)
  }

  close(): void {
    void this.#file?.close().catch(() => undefined)
    this.#file = undefined
  }

  #take(read: Read, at: number, bytes: number): void {
    if ('failed' in read) {
      const undoes = this.#places.get(read.failed)?.head.undoes
      this.#places.delete(read.failed)
      if (typeof undoes === 'number') this.#undone.delete(undoes)
      return
    }
    this.#places.set(read.edit, { head: read, at, bytes })
    if (read.undoes !== null) this.#undone.add(read.undoes)
  }

  async #append(line: string): Promise<void> {
    const bytes = Buffer.from(`${line}\n`)
    await guard(async () => {
      await this.#file?.appendFile(bytes)
      await this.#file?.datasync()
    })
    this.#size += bytes.length
  }
}

const bytes = z.base64().transform(text => Uint8Array.from(Buffer.from(text, 'base64')))
const data = z.object({ type: z.number(), bytes })
const key = z.object({
  path: z.string(),
  values: z.array(data.extend({ name: z.string() })),
  subkeys: z.array(z.string()),
})
const branch = z
  .array(key)
  .min(1)
  .transform(keys => keys as unknown as Branch)
const step = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('value'),
    path: z.string(),
    name: z.string(),
    before: data.nullable(),
    after: data.nullable(),
  }),
  z.object({ do: z.literal('make'), branch }),
  z.object({ do: z.literal('delete'), branch }),
])
const head = z.object({
  edit: z.number().int(),
  atMs: z.number(),
  operator: z.string(),
  verb: z.string(),
  object: z.string(),
  undoes: z.number().int().nullable(),
})
const entrySchema = head.extend({ steps: z.array(step) })
const lineSchema = z.union([z.object({ failed: z.number().int() }), head])
type Read = z.infer<typeof lineSchema>

function parseLine(line: string): Read | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

/** Bytes in base64, so that half characters and NUL stay what they are. */
const toLine = (_name: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value

async function guard<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    throw new HandholdError(
      'tool-unavailable',
      'The device can’t write the journal, so nothing is edited. Is its disk full?',
      { cause },
    )
  }
}

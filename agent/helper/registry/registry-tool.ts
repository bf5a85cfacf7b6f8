import { HandholdError } from '#protocol/errors.ts'
import {
  INLINE_DATA_MAX_BYTES,
  PREVIEW_MAX,
  REG_FILE_MAX_BYTES,
  REGISTRY_ROOTS,
  REGISTRY_SHOWN_MAX,
  type RegistryAnswer,
  type RegistryEdit,
  type RegistryQuery,
  type RegistryValueRow,
  VALUE_NAME_MAX,
} from '#protocol/tools/registry.ts'
import { previewOf } from '#protocol/tools/registry-values.ts'
import type { Clock } from '../../links/clock.ts'
import { inParts } from '../in-parts.ts'
import { type EditWords, RegistryEditor } from './edits/editor.ts'
import { Journal } from './edits/journal.ts'
import { sectionOf } from './edits/steps.ts'
import { PutBytes } from './put.ts'
import type { RegSection } from './reg-file/parse.ts'
import { writeRegFile } from './reg-file/write.ts'
import { type Registry, type RegistryKey, type RegistryValue, sizeOf } from './registry.ts'
import { RegistrySearch } from './search.ts'

/** Characters of a text in one message: in the worst of scripts and escapes they are its 16 KiB. */
const TEXT_PART = 2_400

export interface RegistryToolParts {
  /** Undefined where this device has none. */
  readonly open: () => Promise<Registry | undefined>
  readonly journalPath: string
  readonly clock: Clock
}

interface Open {
  readonly registry: Registry
  readonly journal: Journal
  readonly editor: RegistryEditor
}

/** What was listed last: its pages are of one moment. */
interface Listed {
  readonly key: RegistryKey | null
  readonly path: string | null
  readonly filter: string | null
  readonly values: readonly RegistryValue[]
}

export interface RegistryPart {
  readonly answer: RegistryAnswer
  /** Where the next part begins; null after the last. */
  readonly next: number | null
}

/** The registry for one session's helper: what is asked of it in parts that fit in a message, and its edits. */
export class RegistryTool {
  readonly #parts: RegistryToolParts
  readonly #put = new PutBytes()
  #open: Promise<Open> | undefined
  #search: RegistrySearch | undefined
  #listed: Listed | undefined
  #exported = ''

  constructor(parts: RegistryToolParts) {
    this.#parts = parts
  }

  /** `report` comes before what leaves the device as a whole. */
  async answer(query: RegistryQuery, report: (words: EditWords) => Promise<void>): Promise<RegistryPart> {
    const { registry, journal, editor } = await this.#opened()
    switch (query.ask) {
      case 'keys':
        return this.#keys(registry, query.path, query.offset)
      case 'values':
        return this.#values(registry, query)
      case 'value':
        return this.#value(registry, query)
      case 'search':
        this.#search?.close()
        this.#search = new RegistrySearch(registry, query, this.#parts.clock)
        return this.#found(this.#search)
      case 'search-on':
        if (!this.#search) throw new HandholdError('not-found', 'This search is over.')
        return this.#found(this.#search)
      case 'export':
        await report({ verb: 'registry-export', object: query.path.slice(0, 200) })
        this.#exported = await exportOf(registry, query.path)
        return textPart(this.#exported, 0)
      case 'exported':
        return textPart(this.#exported, query.offset)
      case 'journal': {
        await journal.open()
        const rows = journal.rows()
        const [page] = inParts(rows.slice(query.offset, query.offset + 200))
        const shown = page?.[0] ?? []
        return pageOf({ of: 'journal', total: rows.length, rows: shown }, query.offset + shown.length, rows.length)
      }
      case 'edit':
        return textPart(await editor.text(query.edit), query.offset)
      case 'access':
        return whole({ of: 'access', access: await registry.access(query.path) })
      case 'refresh':
        registry.refresh()
        this.#listed = undefined
        return whole({ of: 'text', text: '' })
    }
  }

  /** Resolves with what to say. */
  async edit(edit: RegistryEdit, operator: string, report: (words: EditWords) => Promise<void>): Promise<string> {
    if (edit.do === 'put') {
      this.#put.add(edit.offset, Buffer.from(edit.base64, 'base64'))
      return ''
    }
    const { editor } = await this.#opened()
    this.#listed = undefined
    const number = await editor.edit(edit, operator, report)
    this.#listed = undefined
    return number === null ? 'nothing' : String(number)
  }

  /** Idempotent. */
  close(): void {
    this.#search?.close()
    void this.#open?.then(
      ({ registry, journal }) => {
        registry.close()
        journal.close()
      },
      () => undefined,
    )
  }

  #opened(): Promise<Open> {
    this.#open ??= this.#begin()
    // What is wrong with the device may be put right meanwhile.
    this.#open.catch(() => {
      this.#open = undefined
    })
    return this.#open
  }

  async #begin(): Promise<Open> {
    const { open, journalPath, clock } = this.#parts
    const registry = await open()
    if (!registry) throw new HandholdError('tool-unavailable', 'This device has no registry.')
    const journal = new Journal(journalPath)
    return { registry, journal, editor: new RegistryEditor({ registry, journal, clock, put: this.#put }) }
  }

  async #keys(registry: Registry, path: string | null, offset: number): Promise<RegistryPart> {
    const names = path === null ? REGISTRY_ROOTS : (await this.#list(registry, path, offset)).key?.subkeys
    if (!names) throw noKey()
    const keys = inParts(names.slice(offset, offset + 1_000))[0]?.[0] ?? []
    return pageOf(
      { of: 'keys', offset, total: Math.min(names.length, REGISTRY_SHOWN_MAX), keys },
      offset + keys.length,
      names.length,
    )
  }

  async #values(registry: Registry, query: Extract<RegistryQuery, { ask: 'values' }>): Promise<RegistryPart> {
    const { path, offset } = query
    const filter = query.filter.toLowerCase()
    const listed = await this.#list(registry, path, offset)
    if (!listed.key) throw noKey()
    if (listed.filter !== filter) this.#listed = { ...listed, filter, values: arranged(listed.key.values, filter) }
    const all = this.#listed?.values ?? []
    // What is not in this part isn't described.
    const values = inParts(all.slice(offset, offset + 200).map(rowOf))[0]?.[0] ?? []
    return pageOf(
      { of: 'values', offset, total: Math.min(all.length, REGISTRY_SHOWN_MAX), values },
      offset + values.length,
      all.length,
    )
  }

  async #value(registry: Registry, query: Extract<RegistryQuery, { ask: 'value' }>): Promise<RegistryPart> {
    const { path, name, offset } = query
    const { key } = await this.#list(registry, path, 1)
    const value = key?.values.find(candidate => candidate.name.toLowerCase() === name.toLowerCase())
    if (!value) throw new HandholdError('not-found', 'There is no such value any more.')
    const { type, bytes } = value
    const part = Buffer.from(bytes.subarray(offset, offset + INLINE_DATA_MAX_BYTES))
    const answer = { of: 'value' as const, type, size: bytes.length, base64: part.toString('base64') }
    return pageOf(answer, offset + part.length, bytes.length)
  }

  /** Parts after the first are of what the first one was of. */
  async #list(registry: Registry, path: string, offset: number): Promise<Listed> {
    if (offset > 0 && this.#listed?.path === path) return this.#listed
    const key = (await registry.readKey(path)) ?? null
    this.#listed = { key, path, filter: null, values: [] }
    return this.#listed
  }

  async #found(search: RegistrySearch): Promise<RegistryPart> {
    const found = await search.next()
    const hits = found.hits.map(hit => ({ ...hit, name: hit.name?.slice(0, VALUE_NAME_MAX) ?? null }))
    const [first = [[], true], ...rest] = inParts(hits)
    search.unread(rest.flatMap(([part]) => part))
    const isDone = found.isDone && rest.length === 0
    return whole({ of: 'found', hits: first[0], at: found.at, isDone })
  }
}

async function exportOf(registry: Registry, path: string): Promise<string> {
  const sections: RegSection[] = []
  let bytes = 0
  for await (const key of registry.walk(path)) {
    // In hexadecimal every byte is three letters.
    bytes += sizeOf(key) * 3
    if (bytes > REG_FILE_MAX_BYTES)
      throw new HandholdError('registry-too-large', 'This key holds too much for one file. Export one beneath it.')
    sections.push({ ...sectionOf(key), values: sectionOf(key).values.toSorted((a, b) => compareNames(a.name, b.name)) })
  }
  if (sections.length === 0) throw noKey()
  return writeRegFile(sections)
}

const arranged = (values: readonly RegistryValue[], filter: string): readonly RegistryValue[] =>
  values
    .filter(
      ({ name, type, bytes }) => filter === '' || `${name} ${previewOf(type, bytes)}`.toLowerCase().includes(filter),
    )
    .map(value => ({ value, name: value.name.toLowerCase() }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ value }) => value)

function compareNames(a: string, b: string): number {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()]
  return one < other ? -1 : one > other ? 1 : 0
}

const rowOf = ({ name, type, bytes }: RegistryValue): RegistryValueRow => ({
  name: name.slice(0, VALUE_NAME_MAX),
  isCut: name.length > VALUE_NAME_MAX,
  type,
  size: bytes.length,
  preview: previewOf(type, bytes).slice(0, PREVIEW_MAX),
})

function textPart(text: string, offset: number): RegistryPart {
  const part = text.slice(offset, offset + TEXT_PART)
  return pageOf({ of: 'text', text: part }, offset + part.length, text.length)
}

const pageOf = (answer: RegistryAnswer, next: number, total: number): RegistryPart => ({
  answer,
  next: next < total ? next : null,
})
const whole = (answer: RegistryAnswer): RegistryPart => ({ answer, next: null })
const noKey = () => new HandholdError('not-found', 'There is no such key any more.')

import { chainOf, genesisOf, holds, type StoredRow } from './chain.ts'
import type { ChainReport, Finding, FindingKind } from './findings.ts'
import { SealCheck } from './seal-check.ts'
import type { AuditHead, AuditTombstone } from './statements.ts'

/** How many rows may have been taken out before a row that was renumbered, for it to be told. */
const GAP_MAX = 100

/** Follows one chain from its beginning, or from its tombstone, to its first fault. */
export class ChainWalk {
  readonly chain: string
  readonly #seals: SealCheck
  readonly #start: number
  #next: number
  #hash: string
  /** Of the row before, in the whole table: what people are shown follows these numbers. */
  #sequence = 0
  #rows = 0
  #finding: Finding | null = null
  /** A row that doesn't hold; what follows it tells why. */
  #suspect: { readonly row: StoredRow; readonly previous: string } | null = null

  constructor(chain: string, heads: readonly AuditHead[], tombstones: readonly AuditTombstone[]) {
    this.chain = chain
    const stone = tombstones.toSorted((a, b) => b.position - a.position)[0]
    this.#start = stone?.position ?? 0
    this.#next = this.#start + 1
    this.#hash = stone?.hash ?? genesisOf(chain)
    this.#seals = new SealCheck(heads, this.#start, this.#hash)
  }

  take(row: StoredRow): void {
    this.#rows++
    if (this.#suspect) this.#judge(row)
    if (this.#finding) return
    const misplaced = this.#misplaced(row)
    if (misplaced) this.#finding = misplaced
    else if (!holds(this.#hash, row, row.hash)) this.#suspect = { row, previous: this.#hash }
    else if (row.sequence > this.#sequence) this.#follow(row)
    else this.#finding = this.#found('reordered', row, `Its number, ${row.sequence}, ${RENUMBERED}`)
  }

  finish(): ChainReport {
    if (this.#suspect) this.#judge(undefined)
    const last = this.#next - 1
    const missing = this.#finding ? null : this.#seals.beyond(last)
    if (missing) {
      const words = `A head that was signed ${time(missing.atMs)} has ${missing.position} rows; ${CUT}`
      this.#finding = this.#found('cut', null, words, last + 1)
    }
    return { chain: this.chain, rows: this.#rows, sealedTo: this.#seals.sealedTo, last, finding: this.#finding }
  }

  #misplaced(row: StoredRow): Finding | null {
    if (row.position < this.#next) return this.#found('inserted', row, `Position ${row.position} stands there twice.`)
    if (row.position > this.#next)
      return { ...this.#found('deleted', row, gap(this.#next, row.position - 1)), position: this.#next }
    if (chainOf(row.organisationId) === row.chain) return null
    return this.#found('swapped', row, `The row says that it belongs to ${row.organisationId ?? 'the server'}.`)
  }

  #follow({ position, hash, sequence }: StoredRow): void {
    this.#hash = hash
    this.#sequence = sequence
    this.#next++
    const broken = this.#seals.take(position, hash)
    if (broken !== null) this.#finding = this.#found('rewritten', null, REWRITTEN, broken)
  }

  #judge(next: StoredRow | undefined): void {
    if (!this.#suspect) return
    const { row, previous } = this.#suspect
    this.#suspect = null
    this.#finding = this.#reasonOf(row, previous, next)
  }

  #reasonOf(row: StoredRow, previous: string, next: StoredRow | undefined): Finding {
    const isWithout = next && holds(previous, { ...next, position: row.position }, next.hash)
    if (isWithout) return this.#found('inserted', row, 'The rows around it hold without it.')
    for (let taken = 1; next && taken <= GAP_MAX; taken++) {
      const words = `${taken} rows before it are gone and the rest was numbered anew.`
      const isShifted = holds(row.hash, { ...next, position: next.position + taken }, next.hash)
      if (isShifted) return this.#found('deleted', row, words)
    }
    return this.#found('altered', row, 'What it says is not what was written.')
  }

  #found(kind: FindingKind, row: StoredRow | null, words: string, position = row?.position ?? 0): Finding {
    return { kind, chain: this.chain, position, sequence: row?.sequence ?? null, words }
  }
}

const RENUMBERED = 'has it shown before the row that it was written after.'
const CUT = 'those after here were cut off, or an older backup was restored.'
const REWRITTEN =
  'It is not the row that a signed head has seen: it was changed and the chain after it computed anew, or an older backup was restored.'

const gap = (from: number, to: number): string =>
  from === to ? `Position ${from} is missing.` : `Positions ${from} to ${to} are missing.`

const time = (atMs: number): string => new Date(atMs).toISOString()

import { hash } from 'node:crypto'
import { canonical } from './canonical.ts'

const FORMAT = 'handhold-audit-1'
/** Rows that belong to no organisation. */
const SERVER_CHAIN = 'server'

/** What a row's hash covers, besides the hash of the row before. `detail` is the JSON text as it is stored. */
export interface LinkedRow {
  readonly chain: string
  /** Counted within the chain from 1. */
  readonly position: number
  readonly atMs: number
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly detail: string
}

/** A row as it lies in the database or in an export. */
export interface StoredRow extends LinkedRow {
  readonly sequence: number
  readonly organisationId: string | null
  readonly hash: string
}

export const chainOf = (organisationId: string | null): string => organisationId ?? SERVER_CHAIN

/** What stands for the row before the first one. */
export const genesisOf = (chain: string): string => hash('sha256', `${FORMAT} ${chain}`, 'base64url')

/** SHA-256 over the hash of the row before and the row in canonical form, base64url. Throws where `detail` isn't JSON. */
export function linkHash(previous: string, row: LinkedRow): string {
  const { chain, position, atMs, actor, action, subject, detail } = row
  const said = [FORMAT, previous, chain, position, atMs, actor, action, subject, JSON.parse(detail)]
  return hash('sha256', canonical(said), 'base64url')
}

/** Whether the row would have this hash after that one. */
export function holds(previous: string, row: LinkedRow, hash: string): boolean {
  try {
    return linkHash(previous, row) === hash
  } catch {
    // The detail isn't even JSON.
    return false
  }
}

import type { AuditTombstone } from './statements.ts'

/** The last row of a chain. */
export interface ChainEnd {
  readonly chain: string
  readonly position: number
  readonly hash: string
}

export interface KeptHead {
  readonly id: number
  readonly statement: string
}

export interface AuditReader {
  /** Of every chain. Reads no row but the last ones. */
  chainEnds(): Promise<ChainEnd[]>
  /** The highest number that any row got. */
  lastSequence(): Promise<number>
  /** Up to where the chain's last head goes; 0 without any. */
  sealedTo(chain: string): Promise<number>
  /** Hashes of the rows after `after` up to `to`, in their order. */
  hashes(chain: string, after: number, to: number): Promise<string[]>
  headsAfter(id: number, limit: number): Promise<KeptHead[]>
  /** Up to which head a target has them all. */
  copiedTo(target: string): Promise<number>
}

export interface AuditWriter extends AuditReader {
  insertHead(head: { chain: string; position: number; statement: string }): Promise<void>
  setCopied(target: string, headId: number): Promise<void>
  /** Forgets heads that every target has, but for the last one of each chain. */
  pruneHeads(copiedToId: number): Promise<void>
  /** Puts the tombstone and removes the rows that it stands for. Returns how many went. */
  bury(stone: Pick<AuditTombstone, 'chain' | 'position'> & { statement: string }): Promise<number>
}

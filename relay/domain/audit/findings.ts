export type FindingKind = 'altered' | 'deleted' | 'inserted' | 'reordered' | 'swapped' | 'cut' | 'rewritten'

/** The first thing in one chain that isn't as it was written. */
export interface Finding {
  readonly kind: FindingKind
  readonly chain: string
  readonly position: number
  /** Of the row in the database; null where the row is gone. */
  readonly sequence: number | null
  /** What is wrong, in words. */
  readonly words: string
}

export interface ChainReport {
  readonly chain: string
  readonly rows: number
  /** Up to here signed heads agree; 0 without any. */
  readonly sealedTo: number
  readonly last: number
  readonly finding: Finding | null
}

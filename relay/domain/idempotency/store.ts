export interface KeyedRequest {
  readonly principal: string
  readonly key: string
  readonly requestHash: string
  readonly expiresAtMs: number
}

export interface KeyedRow {
  readonly requestHash: string
  /** Null: it was begun, and nobody knows how it ended. */
  readonly sealedReply: string | null
}

export interface IdempotencyReader {
  /** Not an expired one. */
  find(principal: string, key: string, nowMs: number): Promise<KeyedRow | undefined>
}

export interface IdempotencyWriter extends IdempotencyReader {
  /** Does nothing where it is there already; an expired one gives way. */
  begin(request: KeyedRequest, nowMs: number): Promise<void>
  finish(request: KeyedRequest, sealedReply: string): Promise<void>
  deleteExpired(nowMs: number): Promise<void>
}

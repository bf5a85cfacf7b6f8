export interface ReceiptReader {
  /** In their order. */
  ofSession(sessionId: string): Promise<string[]>
}

export interface ReceiptWriter extends ReceiptReader {
  insert(receipt: { sessionId: string; number: number; receipt: string; atMs: number }): Promise<void>
}

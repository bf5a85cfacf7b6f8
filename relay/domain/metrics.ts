/** What is asked whenever somebody looks. */
export interface MetricSources {
  devicesConnected(): number
  operatorsConnected(): number
  isStorageFull(): boolean
  auditSequence(): Promise<number>
  /** The last row that the export's target has. */
  auditExported(): number
  openSessions(): Promise<ReadonlyMap<string, number>>
  deliveries(): Promise<ReadonlyMap<string, number>>
}

/** Numbers about the relay for a monitoring system, in its own text format. */
export interface Metrics {
  readonly contentType: string
  observe(request: {
    readonly method: string
    /** As it is declared, with the names of its parameters. */
    readonly route: string
    readonly status: number
    readonly elapsedMs: number
  }): void
  sessionEnded(reason: string): void
  text(): Promise<string>
  /** Safe to call twice. */
  close(): void
}

import type { AuditRow } from '../audit.ts'

/** For how many days something is kept; null leaves it to the relay's configuration, and there null keeps it for ever. */
export interface RetentionDays {
  /** Rows of the audit. */
  readonly auditDays: number | null
  /** When devices were connected, and what a device that is away was made of. */
  readonly historyDays: number | null
  /** Recordings of terminals, which are on the devices. */
  readonly recordingDays: number | null
}

/** A row of the audit with whose it is. */
export interface ExportedRow extends AuditRow {
  readonly organisationId: string | null
}

export interface OperatingReader {
  auditSequence(): Promise<number>
  /** By state, those that aren't over. */
  openSessionCounts(): Promise<ReadonlyMap<string, number>>
  /** Of webhooks: `waiting` and `dead`. */
  deliveryCounts(): Promise<ReadonlyMap<string, number>>
  /** The organisation's own; undefined where it says nothing. */
  retention(organisationId: string): Promise<RetentionDays | undefined>
  organisationIds(): Promise<string[]>
  /** Of all organisations, in their order. */
  auditAfter(sequence: number, limit: number): Promise<ExportedRow[]>
  /** The last row that an export's target is known to have. */
  exported(target: string): Promise<number | undefined>
  /** The last of the first `limit` rows of a chain such that it and all rows before are from before that time, sealed, and exported where that is done. */
  lastAuditRowBefore(
    chain: string,
    beforeMs: number,
    limit: number,
  ): Promise<{ readonly position: number; readonly hash: string } | undefined>
}

export interface OperatingWriter extends OperatingReader {
  setRetention(organisationId: string, days: RetentionDays): Promise<void>
  setExported(target: string, sequence: number): Promise<void>
  /** From here on this target counts alone; null: none. */
  keepExport(target: string | null): Promise<void>
  /** At most `limit` spans of presence that ended before; returns how many went. */
  deletePresence(organisationId: string, beforeMs: number, limit: number): Promise<number>
  /** What at most `limit` devices that are away said of themselves before; returns how many. */
  deleteInventories(organisationId: string, beforeMs: number, limit: number): Promise<number>
}

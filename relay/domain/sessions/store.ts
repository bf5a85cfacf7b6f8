import type { EndReason } from '#protocol/session/reasons.ts'
import type { ReportQuery, SessionShell, SessionsQuery } from '#protocol/sessions-http.ts'
import type { UserView } from '#protocol/wire/views.ts'
import type { SessionRecord } from './record.ts'

/** A session with what is kept of its course, and where its device is now. */
export interface SessionHistory extends SessionRecord {
  readonly groupId: string
  readonly grantedAtMs: number | null
  readonly connectedAtMs: number | null
  readonly endedAtMs: number | null
}

/** Whose sessions somebody may look at: their own, and those of devices in these groups (null: in all). */
export interface SessionSight {
  readonly organisationId: string
  readonly userId: string
  readonly groupIds: readonly string[] | null
}

export interface SessionFilter extends Omit<SessionsQuery, 'cursor'> {
  /** Where the page before it ended. */
  readonly after: { readonly requestedAtMs: number; readonly id: string } | undefined
}

export interface SessionCount {
  readonly day: string | null
  readonly operator: UserView | null
  readonly groupId: string | null
  readonly endReason: EndReason | null
  readonly sessions: number
  readonly connectedMs: number
  readonly granted: number
  readonly unattended: number
  readonly connected: number
  readonly noted: number
}

export interface SessionLogReader {
  history(sessionId: string): Promise<SessionHistory | undefined>
  /** Newest first; one more than the limit where there is one more. */
  page(sight: SessionSight, filter: SessionFilter): Promise<SessionHistory[]>
  /** Its terminals, as their rows in the audit name them; no more than the limit. */
  shells(organisationId: string, sessionId: string, limit: number): Promise<SessionShell[]>
  /** Ids of sessions that no search finds yet. */
  unindexed(limit: number): Promise<string[]>
  /** One row for each combination of the wished dimensions and end reason. Sessions count for the group that their device was in. */
  counts(
    organisationId: string,
    groupIds: readonly string[] | null,
    query: ReportQuery,
    nowMs: number,
  ): Promise<SessionCount[]>
}

import type { ExportedRow } from '../domain/operating/store.ts'
import { syslogFrame } from '../outbound/syslog.ts'

/** One row as one line of JSON in ASCII, so that no receiver has to guess an encoding. */
export function jsonLine({ sequence, organisationId, atMs, actor, action, subject, detail }: ExportedRow): string {
  const at = new Date(atMs).toISOString()
  const text = JSON.stringify({ sequence, at, organisationId, actor, action, subject, detail })
  return text.replace(/[\u007f-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** One row as a message of syslog; the text is the row's JSON. */
export function syslogLine(row: ExportedRow, host: string): string {
  const severity = /denied|invalid|failed/.test(row.action) ? 'warning' : 'notice'
  return syslogFrame({ severity, atMs: row.atMs, host, kind: row.action, text: jsonLine(row) })
}

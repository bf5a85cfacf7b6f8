import type { ExportedRow } from '../domain/operating/store.ts'

const FACILITY_LOG_AUDIT = 13
const SEVERITY_NOTICE = 5
const SEVERITY_WARNING = 4

/** One row as one line of JSON in ASCII, so that no receiver has to guess an encoding. */
export function jsonLine({ sequence, organisationId, atMs, actor, action, subject, detail }: ExportedRow): string {
  const at = new Date(atMs).toISOString()
  const text = JSON.stringify({ sequence, at, organisationId, actor, action, subject, detail })
  return text.replace(/[\u007f-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** One row as a message of RFC 5424 with its length in front (RFC 6587, RFC 5425). The text is the row's JSON. */
export function syslogFrame(row: ExportedRow, host: string): string {
  const severity = /denied|invalid|failed/.test(row.action) ? SEVERITY_WARNING : SEVERITY_NOTICE
  const priority = FACILITY_LOG_AUDIT * 8 + severity
  const head = [`<${priority}>1`, new Date(row.atMs).toISOString(), name(host, 255), 'handhold-relay', '-']
  const message = [...head, name(row.action, 32), '-', jsonLine(row)].join(' ')
  return `${Buffer.byteLength(message)} ${message}`
}

/** What RFC 5424 lets a name be: visible ASCII of some length, or a dash. */
const name = (text: string, maxLength: number) => text.replace(/[^\x21-\x7e]/g, '').slice(0, maxLength) || '-'

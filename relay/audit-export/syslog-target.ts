import { hostname } from 'node:os'
import type { AuditTarget } from '../domain/operating/audit-export.ts'
import { sendSyslog } from '../outbound/syslog.ts'
import { syslogLine } from './lines.ts'

/** A row comes again where a connection broke; its number tells a repeat. */
export const syslogTarget = (url: URL): AuditTarget => ({
  name: `syslog ${url.href}`,
  newest: async () => undefined,
  send: rows =>
    sendSyslog(
      url,
      rows.map(row => syslogLine(row, hostname())),
    ),
})

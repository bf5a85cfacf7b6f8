import { fileURLToPath } from 'node:url'
import type { AuditTarget } from '../domain/operating/audit-export.ts'
import { fileTarget } from './file-target.ts'
import { jsonLine } from './lines.ts'
import { syslogTarget } from './syslog-target.ts'

/** The place that the setting names: `tcp://` or `tls://` for syslog, `file://` or `stdout:` for lines of JSON. */
export function openAuditTarget(setting: string | null): AuditTarget | null {
  if (setting === null) return null
  const url = new URL(setting)
  switch (url.protocol) {
    case 'file:':
      return fileTarget(fileURLToPath(url))
    case 'stdout:':
      return stdoutTarget
    default:
      return syslogTarget(url)
  }
}

/** Beside the log, whose lines have no `sequence`. */
const stdoutTarget: AuditTarget = {
  name: 'stdout',
  newest: async () => undefined,
  send: rows =>
    new Promise((resolve, reject) => {
      const lines = rows.map(row => `${jsonLine(row)}\n`).join('')
      process.stdout.write(lines, error => (error ? reject(error) : resolve()))
    }),
}

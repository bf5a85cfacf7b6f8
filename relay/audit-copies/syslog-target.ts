import { hostname } from 'node:os'
import type { HeadTarget } from '../domain/audit/copies.ts'
import type { Clock } from '../domain/clock.ts'
import { sendSyslog, syslogFrame } from '../outbound/syslog.ts'

/** One head a message. */
export const syslogTarget = (url: string, clock: Clock): HeadTarget => ({
  name: `syslog ${url}`,
  send(heads) {
    const said = { severity: 'notice', atMs: clock.nowMs(), host: hostname(), kind: 'audit-head' } as const
    return sendSyslog(
      new URL(url),
      heads.map(text => syslogFrame({ ...said, text })),
    )
  },
})

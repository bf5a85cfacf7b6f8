import { join, resolve } from 'node:path'
import type { RelayConfig } from '../config/config.ts'
import type { HeadTarget } from '../domain/audit/copies.ts'
import type { Clock } from '../domain/clock.ts'
import { fileTarget } from './file-target.ts'
import { httpTarget } from './http-target.ts'
import { syslogTarget } from './syslog-target.ts'

/** Every place that the settings name; the file is always there, so that heads outlive a database that is put back. */
export function headTargets(config: RelayConfig, clock: Clock): HeadTarget[] {
  const file = config.auditHeadsFile ?? join(config.dataDir, 'audit-heads.jsonl')
  return [
    fileTarget(resolve(file)),
    ...(config.auditHeadsUrl === null ? [] : [httpTarget(config.auditHeadsUrl)]),
    ...(config.auditHeadsSyslog === null ? [] : [syslogTarget(config.auditHeadsSyslog, clock)]),
  ]
}

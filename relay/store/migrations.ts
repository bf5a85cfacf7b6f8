import type { Database } from 'better-sqlite3'
import { foundation } from './migrations/0001-foundation.ts'
import { policy } from './migrations/0002-policy.ts'
import { identity } from './migrations/0003-identity.ts'
import { enrolment } from './migrations/0004-enrolment.ts'
import { records } from './migrations/0005-records.ts'
import { sessionLog } from './migrations/0006-session-log.ts'
import { numberMatch } from './migrations/0007-number-match.ts'
import { idempotency } from './migrations/0008-idempotency.ts'
import { webhooks } from './migrations/0009-webhooks.ts'
import { unattended } from './migrations/0010-unattended.ts'
import { people } from './migrations/0011-people.ts'
import { operating } from './migrations/0012-operating.ts'
import { receipts } from './migrations/0013-receipts.ts'
import { auditChain } from './migrations/0014-audit-chain.ts'
import { auditFilters } from './migrations/0015-audit-filters.ts'
import { help } from './migrations/0016-help.ts'
import { organisationTrust } from './migrations/0017-organisation-trust.ts'
import { browserSignIn } from './migrations/0018-browser-sign-in.ts'
import { sessionSearch } from './migrations/0019-session-search.ts'
import { scripts } from './migrations/0020-scripts.ts'
import { scriptRuns } from './migrations/0021-script-runs.ts'
import { foundDevices } from './migrations/0022-found-devices.ts'
import { sessionBeside } from './migrations/0023-session-beside.ts'
import { sessionCredential } from './migrations/0024-session-credential.ts'
import { unasked } from './migrations/0025-unasked.ts'
import { sessionNote } from './migrations/0026-session-note.ts'
import { failedDeliveries } from './migrations/0027-failed-deliveries.ts'
import { noReplacing } from './migrations/0028-no-replacing.ts'
import { auditClock } from './migrations/0029-audit-clock.ts'
import { runApprovals } from './migrations/0030-run-approvals.ts'
import { moreIndexes } from './migrations/0031-more-indexes.ts'

/** Statements, or work where statements aren't enough. Either runs in a transaction of its own. */
type Migration = string | ((database: Database) => void)

/** Applied in order, once each; `user_version` counts them. A released one is never edited, only followed by another. */
const MIGRATIONS: readonly Migration[] = [
  foundation,
  policy,
  identity,
  enrolment,
  records,
  sessionLog,
  numberMatch,
  idempotency,
  webhooks,
  unattended,
  people,
  operating,
  receipts,
  auditChain,
  auditFilters,
  help,
  organisationTrust,
  browserSignIn,
  sessionSearch,
  scripts,
  scriptRuns,
  foundDevices,
  sessionBeside,
  sessionCredential,
  unasked,
  sessionNote,
  failedDeliveries,
  noReplacing,
  auditClock,
  runApprovals,
  moreIndexes,
]

/** What this program's databases have. */
export const SCHEMA_VERSION = MIGRATIONS.length

/** Brings the schema up to this program's version. Throws when a newer program has written the file. */
export function migrate(database: Database): void {
  const version = Number(database.pragma('user_version', { simple: true }))
  if (version > MIGRATIONS.length)
    throw new Error(`The database has schema ${version}, this relay knows ${MIGRATIONS.length}: start a newer relay.`)
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < version) continue
    database.transaction(() => {
      if (typeof migration === 'string') database.exec(migration)
      else migration(database)
      database.pragma(`user_version = ${index + 1}`)
    })()
  }
}

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'

/** Everything that a relay's database holds, but for the rows that refusals themselves leave: in the audit, and where failed tries are counted. */
export function databaseFingerprint({ dataDir }: { readonly dataDir: string }): string {
  const database = new Sqlite(join(dataDir, 'relay.db'), { readonly: true })
  try {
    const tables = database.prepare("select name from sqlite_master where type = 'table' order by name").pluck().all()
    const hash = createHash('sha256')
    for (const table of tables as string[]) {
      if (
        table === 'sign_in_failure' ||
        table.startsWith('sqlite_') ||
        /_(data|idx|content|docsize|config)$/.test(table)
      )
        continue
      const rows = database.prepare(`select * from "${table}"`).all() as Record<string, unknown>[]
      hash.update(`${table}\n${JSON.stringify(rows.filter(({ action }) => !isRefusal(action)))}\n`)
    }
    return hash.digest('hex')
  } finally {
    database.close()
  }
}

/** What happens while the database takes no row for the audit, as when there is no room for one. */
export async function withoutAudit(
  { dataDir }: { readonly dataDir: string },
  work: () => Promise<void>,
): Promise<void> {
  const database = new Sqlite(join(dataDir, 'relay.db'))
  try {
    database.exec("create trigger no_audit before insert on audit begin select raise(abort, 'no room'); end")
    await work()
  } finally {
    database.exec('drop trigger no_audit')
    database.close()
  }
}

const isRefusal = (action: unknown): boolean => typeof action === 'string' && /[.-]denied$/.test(action)

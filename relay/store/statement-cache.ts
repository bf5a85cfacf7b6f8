import type { Database, Statement } from 'better-sqlite3'

/** Questions that are kept prepared. Lists with filters have many shapes; what isn't asked any more makes room. */
const STATEMENTS_MAX = 300

/** The database with a memory for prepared statements: to parse and plan a question costs more than most of them take to answer. */
export function withStatementCache(database: Database): Database {
  const known = new Map<string, Statement>()
  const prepare = database.prepare.bind(database)
  const cached = (source: string): Statement => {
    const statement = known.get(source)
    if (statement && !statement.busy) {
      known.delete(source)
      known.set(source, statement)
      return statement
    }
    const prepared = prepare(source)
    known.set(source, prepared)
    const [oldest] = known.keys()
    if (known.size > STATEMENTS_MAX && oldest !== undefined) known.delete(oldest)
    return prepared
  }
  database.prepare = cached as typeof database.prepare
  return database
}

import Sqlite from 'better-sqlite3'
import { genesisOf, linkHash, type StoredRow } from '../relay/domain/audit/chain.ts'
import type { FindingKind } from '../relay/domain/audit/findings.ts'

export interface Tampering {
  readonly name: string
  readonly kind: FindingKind
  readonly chain: string
  /** Where the verifier has to point, for a chain whose row `at` was touched and that is `last` long. */
  readonly position: (at: number, last: number) => number
  readonly tamper: (db: Sqlite.Database, at: number) => void
}

const CHAIN = 'org_a'
const here = (at: number) => at

/** What somebody with the whole database can do, but without the audit's key. `at` is a position in the chain of `org_a`. */
export const TAMPERINGS: readonly Tampering[] = [
  {
    name: 'altered',
    kind: 'altered',
    chain: CHAIN,
    position: here,
    tamper: (db, at) =>
      db.prepare(`update audit set subject = 'nothing' where chain = ? and position = ?`).run(CHAIN, at),
  },
  {
    name: 'replaced where it stands',
    kind: 'altered',
    chain: CHAIN,
    position: here,
    tamper: (db, at) =>
      db
        .prepare(
          `insert or replace into audit select sequence, organisation_id, at_ms, actor, 'nothing', subject, detail, chain, position, hash
           from audit where chain = ? and position = ?`,
        )
        .run(CHAIN, at),
  },
  {
    name: 'deleted',
    kind: 'deleted',
    chain: CHAIN,
    position: here,
    tamper: (db, at) => db.prepare('delete from audit where chain = ? and position = ?').run(CHAIN, at),
  },
  {
    name: 'deleted, the rest numbered anew',
    kind: 'deleted',
    chain: CHAIN,
    position: here,
    tamper(db, at) {
      db.prepare('delete from audit where chain = ? and position = ?').run(CHAIN, at)
      renumber(db, at, -1)
    },
  },
  {
    name: 'inserted',
    kind: 'inserted',
    chain: CHAIN,
    position: here,
    tamper(db, at) {
      renumber(db, at - 1, 1)
      db.prepare(
        `insert into audit (organisation_id, at_ms, actor, action, subject, detail, chain, position, hash)
         select organisation_id, at_ms, actor, action, 'made up', detail, chain, position + 1, hash from audit
         where chain = ? and position = ?`,
      ).run(CHAIN, at - 1)
    },
  },
  {
    name: 'reordered',
    kind: 'reordered',
    chain: CHAIN,
    position: here,
    tamper: (db, at) => exchange(db, [CHAIN, at], [CHAIN, at + 5]),
  },
  {
    name: 'reordered for those who are shown it, by the numbers that no hash covers',
    kind: 'reordered',
    chain: CHAIN,
    position: at => at + 1,
    tamper(db, at) {
      const number = db.prepare('update audit set sequence = ? where chain = ? and position = ?')
      const numberOf = db.prepare('select sequence from audit where chain = ? and position = ?').pluck()
      const [first, second] = [numberOf.get(CHAIN, at), numberOf.get(CHAIN, at + 1)]
      number.run(-1, CHAIN, at)
      number.run(first, CHAIN, at + 1)
      number.run(second, CHAIN, at)
    },
  },
  {
    name: 'exchanged between two organisations',
    kind: 'swapped',
    chain: CHAIN,
    position: here,
    tamper: (db, at) => exchange(db, [CHAIN, at], ['org_b', at]),
  },
  {
    name: 'cut off at the end',
    kind: 'cut',
    chain: CHAIN,
    position: (_, last) => last - 2,
    tamper: db =>
      db
        .prepare(
          'delete from audit where chain = ? and position > (select max(position) - 3 from audit where chain = ?)',
        )
        .run(CHAIN, CHAIN),
  },
  {
    name: 'altered, every later hash computed anew',
    kind: 'rewritten',
    chain: CHAIN,
    position: here,
    tamper(db, at) {
      db.prepare(`update audit set actor = 'somebody else' where chain = ? and position = ?`).run(CHAIN, at)
      rehash(db)
    },
  },
]

/** Takes the database's own defences away first. */
export function tamperWith(file: string, { tamper }: Tampering, at: number): void {
  const db = new Sqlite(file)
  db.exec(
    'drop trigger audit_keeps_rows; drop trigger audit_keeps_words; drop trigger audit_keeps_place; drop index audit_chain',
  )
  db.exec('create index audit_tampered on audit (chain, position)')
  db.transaction(() => tamper(db, at))()
  db.close()
}

function renumber(db: Sqlite.Database, after: number, by: number): void {
  db.prepare('update audit set position = position + ? where chain = ? and position > ?').run(by, CHAIN, after)
}

function exchange(db: Sqlite.Database, a: readonly [string, number], b: readonly [string, number]): void {
  const read = db.prepare<[string, number]>(
    'select at_ms, actor, action, subject, detail from audit where chain = ? and position = ?',
  )
  const write = db.prepare(
    'update audit set at_ms = @at_ms, actor = @actor, action = @action, subject = @subject, detail = @detail where chain = @chain and position = @position',
  )
  const [first, second] = [read.get(...a), read.get(...b)] as [object, object]
  write.run({ ...second, chain: a[0], position: a[1] })
  write.run({ ...first, chain: b[0], position: b[1] })
}

function rehash(db: Sqlite.Database): void {
  const rows = db.prepare<[string], StoredRow>(
    'select sequence, chain, position, at_ms as atMs, actor, action, subject, detail from audit where chain = ? order by position',
  )
  const write = db.prepare('update audit set hash = ? where sequence = ?')
  let previous = genesisOf(CHAIN)
  for (const row of rows.all(CHAIN)) {
    previous = linkHash(previous, row)
    write.run(previous, row.sequence)
  }
}

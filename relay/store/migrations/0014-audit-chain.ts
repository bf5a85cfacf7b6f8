import type { Database } from 'better-sqlite3'
import { AuditAppender } from '../audit/appender.ts'

const NEW_TABLE = `
drop trigger audit_keeps_rows;
drop trigger audit_keeps_words;
drop index audit_organisation;
alter table audit rename to audit_before;
create table audit (
  sequence integer primary key autoincrement, organisation_id text, at_ms integer not null,
  actor text not null, action text not null, subject text not null, detail text not null,
  chain text not null, position integer not null, hash text not null
) strict;
create unique index audit_chain on audit (chain, position);
create index audit_organisation on audit (organisation_id, sequence);
`

const GUARDS = `
drop table audit_purge;
drop table audit_before;
create table audit_head (
  id integer primary key autoincrement, chain text not null, position integer not null, statement text not null
) strict;
create index audit_head_chain on audit_head (chain, position);
create table audit_copy (target text primary key, head_id integer not null) strict;
create table audit_tombstone (
  chain text not null, position integer not null, statement text not null, primary key (chain, position)
) strict, without rowid;
create trigger audit_tombstone_keeps_rows before delete on audit_tombstone
  begin select raise(abort, 'tombstones are append-only'); end;
create trigger audit_tombstone_keeps_words before update on audit_tombstone
  begin select raise(abort, 'tombstones are append-only'); end;
create trigger audit_keeps_words before update on audit begin select raise(abort, 'the audit is append-only'); end;
create trigger audit_keeps_rows before delete on audit
  when not exists (select 1 from audit_tombstone where chain = old.chain and position >= old.position)
  begin select raise(abort, 'the audit is append-only'); end;
`

interface Row {
  readonly sequence: number
  readonly organisation_id: string | null
  readonly at_ms: number
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly detail: string
}

/** Every row gets its place in the chain of its organisation; rows can go only where a tombstone stands for them. */
export function auditChain(database: Database): void {
  database.exec(NEW_TABLE)
  const appender = new AuditAppender(database)
  // A database of a relay that ran for years is more than one statement should hold in memory.
  const page = database.prepare<[number], Row>(
    'select * from audit_before where sequence > ? order by sequence limit 5000',
  )
  for (let rows = page.all(0); rows.length > 0; rows = page.all(rows.at(-1)?.sequence ?? 0)) {
    for (const row of rows) {
      const { sequence, actor, action, subject, detail } = row
      appender.append({
        sequence,
        actor,
        action,
        subject,
        detail,
        atMs: row.at_ms,
        organisationId: row.organisation_id,
      })
    }
  }
  database.exec(GUARDS)
}

/** How long things are kept. Rows of the audit go only from the oldest on, up to a mark that says so. */
export const operating = `
create table retention (
  organisation_id text primary key references organisation (id),
  audit_days integer, history_days integer, recording_days integer
) strict;
create table audit_purge (organisation text primary key, through integer not null) strict, without rowid;
drop trigger audit_keeps_rows;
create trigger audit_keeps_rows before delete on audit
  when old.sequence > coalesce((select through from audit_purge where organisation = coalesce(old.organisation_id, '')), 0)
  begin select raise(abort, 'the audit is append-only'); end;
-- How far the export of the audit got.
create table audit_export (target text primary key, sequence integer not null) strict, without rowid;
create index webhook_delivery_dead on webhook_delivery (webhook_id, created_at_ms, id) where status = 'dead';
`

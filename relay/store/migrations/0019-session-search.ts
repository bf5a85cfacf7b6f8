/** Sessions by what was said of them: who, with what, why. Made-up words that begin with the organisation, as for devices (0005-records.ts). */
export const sessionSearch = `
alter table session add column is_indexed integer not null default 0 check (is_indexed in (0, 1));
create index session_unindexed on session (id) where is_indexed = 0;
create table session_search (
  number integer primary key, session_id text not null unique references session (id) on delete cascade, text text not null
) strict;
create virtual table session_fts using fts5 (tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
`

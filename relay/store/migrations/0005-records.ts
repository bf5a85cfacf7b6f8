/**
 * What lists of devices are found, filtered and ordered by. Each index of a list begins with its organisation or group and holds everything that a filter asks for: a
 * page is found without reading one device that isn't on it, and without touching another organisation's rows.
 *
 * `device_fts` holds made-up words that begin with the organisation (relay/domain/records/search-tokens.ts), so a search shares no posting list with another organisation.
 */
export const records = `
drop index device_in_group;

alter table device add column away integer not null default 1 check (away in (0, 1));
alter table device add column name_key text not null default '';
alter table device add column is_indexed integer not null default 0 check (is_indexed in (0, 1));
alter table device add column platform text generated always as (json_extract(facts, '$.platform')) virtual;
alter table device add column os_key text generated always as (lower(json_extract(facts, '$.osName'))) virtual;
alter table device add column seen_rank integer generated always as
  (case away when 0 then 9007199254740991 else coalesce(last_seen_at_ms, 0) end) virtual;

create index device_by_name on device (organisation_id, name_key, id, group_id, status, away, platform) where removed_at_ms is null;
create index device_by_presence on device (organisation_id, away, name_key, id, group_id, status, platform) where removed_at_ms is null;
create index device_by_seen on device (organisation_id, seen_rank, id, group_id, status, away, platform) where removed_at_ms is null;
create index device_by_system on device (organisation_id, os_key, id, group_id, status, away, platform) where removed_at_ms is null;
create index device_in_group on device (group_id, name_key, id, status, away, platform, seen_rank, os_key) where removed_at_ms is null;
create index device_unindexed on device (id) where is_indexed = 0 and removed_at_ms is null;
create index device_present on device (id) where away = 0;

create table device_search (
  number integer primary key, device_id text not null unique references device (id), text text not null
) strict;
create virtual table device_fts using fts5 (tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');

create table device_tag (
  organisation_id text not null references organisation (id), tag text not null, device_id text not null references device (id),
  primary key (organisation_id, tag, device_id)
) strict, without rowid;
create index device_tag_device on device_tag (device_id, tag);

create table device_note (
  id text primary key, device_id text not null references device (id), author_id text not null, author_name text not null,
  at_ms integer not null, text text not null
) strict;
create index device_note_device on device_note (device_id, at_ms);

create table device_inventory (
  device_id text primary key references device (id), inventory text not null, at_ms integer not null
) strict, without rowid;
create index device_inventory_age on device_inventory (at_ms);
create table device_network (
  organisation_id text not null references organisation (id), network text not null, device_id text not null references device (id),
  primary key (organisation_id, network, device_id)
) strict, without rowid;
create index device_network_device on device_network (device_id);

create table presence_span (
  id integer primary key, device_id text not null references device (id), from_ms integer not null, to_ms integer
) strict;
create index presence_span_device on presence_span (device_id, from_ms);
create index presence_span_open on presence_span (device_id) where to_ms is null;
create index presence_span_end on presence_span (to_ms) where to_ms is not null;
-- When the relay was last known to run: what a crash leaves open ended then.
create table relay_pulse (one integer primary key check (one = 1), at_ms integer not null) strict;

create table saved_filter (
  id text primary key, organisation_id text not null references organisation (id),
  user_id text not null references user (id) on delete cascade, name text not null, filter text not null,
  unique (user_id, name)
) strict;
`

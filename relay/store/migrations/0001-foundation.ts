/** Accounts, enrolment, devices, sessions and the audit. */
export const foundation = `
create table organisation (id text primary key, name text not null, created_at_ms integer not null) strict;
create table user (
  id text primary key, name text not null, email text not null unique, created_at_ms integer not null
) strict;
create table credential (
  user_id text primary key references user (id) on delete cascade,
  password_hash text not null, updated_at_ms integer not null
) strict;
create table member (
  user_id text primary key references user (id) on delete cascade,
  organisation_id text not null references organisation (id),
  role text not null check (role in ('admin', 'operator'))
) strict;
create index member_organisation on member (organisation_id);
create table login (
  token_hash text primary key, user_id text not null references user (id) on delete cascade,
  created_at_ms integer not null, expires_at_ms integer not null
) strict;
create index login_user on login (user_id);

create table enrolment_token (
  id text primary key, organisation_id text not null references organisation (id),
  token_hash text not null unique, uses_left integer not null check (uses_left >= 0),
  expires_at_ms integer not null, created_by text not null
) strict;
create table device (
  id text primary key, organisation_id text not null references organisation (id),
  name text not null, facts text not null, key text not null, key_thumbprint text not null,
  enrolment_token_hash text not null, enrolled_at_ms integer not null,
  last_seen_at_ms integer, removed_at_ms integer
) strict;
create unique index device_key on device (key_thumbprint) where removed_at_ms is null;
create index device_organisation on device (organisation_id, name) where removed_at_ms is null;

create table session (
  id text primary key, organisation_id text not null references organisation (id),
  device_id text not null references device (id), operator_id text not null references user (id),
  reason text not null, ticket text, scopes text not null, operator_key_thumbprint text not null,
  state text not null, state_name text not null, state_since_ms integer not null, agent_nonce text,
  requested_at_ms integer not null, joins integer not null default 0
) strict;
create unique index session_one_per_device on session (device_id) where state_name not in ('ending', 'closed');
create index session_open_device on session (device_id) where state_name <> 'closed';
create index session_open_operator on session (operator_id) where state_name <> 'closed';
create table pass (
  jti text primary key, session_id text not null references session (id),
  expires_at_ms integer not null, used integer not null default 0
) strict;

create table audit (
  sequence integer primary key autoincrement, organisation_id text, at_ms integer not null,
  actor text not null, action text not null, subject text not null, detail text not null
) strict;
create index audit_organisation on audit (organisation_id, sequence);
create trigger audit_keeps_rows before delete on audit begin select raise(abort, 'the audit is append-only'); end;
create trigger audit_keeps_words before update on audit begin select raise(abort, 'the audit is append-only'); end;
`

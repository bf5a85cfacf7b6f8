/** Second factors, passkeys, single sign-on, invitations, API keys, and what is known of each sign-in. */
export const identity = `
  alter table user add column removed_at_ms integer;

  -- A sign-in of before has no id and no method; its person signs in once more.
  drop table login;
  create table login (
    token_hash text primary key, id text not null unique, user_id text not null references user (id) on delete cascade,
    method text not null, address text not null, client text not null,
    created_at_ms integer not null, authenticated_at_ms integer not null,
    last_seen_at_ms integer not null, expires_at_ms integer not null
  ) strict;
  create index login_user on login (user_id);
  create index login_expiry on login (expires_at_ms);

  create table sign_in_failure (key text primary key, count integer not null, until_ms integer not null) strict;
  create index sign_in_failure_end on sign_in_failure (until_ms);
  create table challenge (
    ticket_hash text primary key, kind text not null, user_id text references user (id) on delete cascade,
    data text not null, tries integer not null default 0, expires_at_ms integer not null
  ) strict;
  create index challenge_expiry on challenge (expires_at_ms);

  create table totp (
    user_id text primary key references user (id) on delete cascade, sealed_secret text not null,
    confirmed_at_ms integer, last_step integer not null
  ) strict;
  create table recovery_code (
    user_id text not null references user (id) on delete cascade, code_hash text not null,
    primary key (user_id, code_hash)
  ) strict;
  create table passkey (
    id text primary key, user_id text not null references user (id) on delete cascade, credential_id text not null unique,
    public_key text not null, counter integer not null, transports text not null, name text not null,
    created_at_ms integer not null, last_used_at_ms integer
  ) strict;
  create index passkey_user on passkey (user_id);

  create table invitation (
    id text primary key, organisation_id text not null references organisation (id), email text not null,
    role text not null check (role in ('admin', 'operator')), token_hash text not null unique,
    created_by text not null, created_at_ms integer not null, expires_at_ms integer not null
  ) strict;
  create unique index invitation_one_per_person on invitation (organisation_id, email);
  create table password_reset (
    user_id text primary key references user (id) on delete cascade, token_hash text not null unique,
    expires_at_ms integer not null
  ) strict;

  create table identity_provider (
    organisation_id text primary key references organisation (id), issuer text not null, client_id text not null,
    sealed_client_secret text not null, creates_accounts integer not null, updated_at_ms integer not null
  ) strict;
  -- A domain leads to one organisation's identity provider.
  create table sso_domain (
    domain text primary key, organisation_id text not null references identity_provider (organisation_id) on delete cascade
  ) strict;
  create index sso_domain_organisation on sso_domain (organisation_id);
  create table sso_account (
    organisation_id text not null references organisation (id), issuer text not null, subject text not null,
    user_id text not null references user (id) on delete cascade, primary key (organisation_id, issuer, subject)
  ) strict;
  create index sso_account_user on sso_account (user_id);
  create table sso_flow (
    ticket_hash text primary key, state_hash text not null unique,
    organisation_id text not null references organisation (id), sealed_checks text not null,
    code_hash text, user_id text references user (id) on delete cascade, failed integer not null default 0,
    tries integer not null default 0, expires_at_ms integer not null
  ) strict;
  create index sso_flow_expiry on sso_flow (expires_at_ms);

  create table api_key (
    id text primary key, organisation_id text not null references organisation (id),
    user_id text not null references user (id) on delete cascade, name text not null, prefix text not null,
    key_hash text not null unique, scopes text not null, created_at_ms integer not null,
    expires_at_ms integer not null, last_used_at_ms integer, revoked_at_ms integer
  ) strict;
  create index api_key_organisation on api_key (organisation_id, created_at_ms);
  create index api_key_user on api_key (user_id);
`

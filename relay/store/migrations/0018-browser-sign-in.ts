/** A sign-in that a browser finishes may be one at the relay's own page, which belongs to no organisation before somebody proved who they are. */
export const browserSignIn = `
drop table sso_flow;
create table browser_flow (
  ticket_hash text primary key, state_hash text not null unique,
  organisation_id text references organisation (id), sealed_checks text not null,
  code_hash text, user_id text references user (id) on delete cascade, failed integer not null default 0,
  tries integer not null default 0, expires_at_ms integer not null
) strict;
create index browser_flow_expiry on browser_flow (expires_at_ms);
`

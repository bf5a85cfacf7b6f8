/** The organisation's scripts. One that was approved is never changed: another text is another script. */
export const scripts = `
create table script (
  id text primary key, organisation_id text not null references organisation (id), name text not null, description text not null,
  definition text not null, digest text not null, author_id text not null references user (id), author text not null,
  created_at_ms integer not null, approved_by text, approved_at_ms integer
) strict;
create index script_organisation on script (organisation_id, created_at_ms);
`

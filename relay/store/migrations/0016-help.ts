/** Who asks for help now: one wish for each device. A code is here as a digest only, made with a key that isn't in the database. */
export const help = `
create table help_request (
  device_id text primary key references device (id), id text not null unique, organisation_id text not null references organisation (id),
  way text not null check (way in ('code', 'queue')), code_digest text unique, who text not null, words text not null,
  asked_at_ms integer not null, until_ms integer not null, check ((way = 'code') = (code_digest is not null))
) strict;
create index help_request_queue on help_request (organisation_id, asked_at_ms) where way = 'queue';
`

/** Approved scripts on a selection of devices. What they printed is sealed for the app that ordered it. */
export const scriptRuns = `
create table script_run (
  id text primary key, organisation_id text not null references organisation (id), operator_id text not null references user (id),
  operator text not null, script_id text not null, script_name text not null, digest text not null, definition text not null,
  script_values text not null, time_limit_s integer not null, signed_order text not null, certificate text, ordered_by text not null,
  started_at_ms integer not null, expires_at_ms integer not null
) strict;
create index script_run_organisation on script_run (organisation_id, started_at_ms);
create table script_run_device (
  run_id text not null references script_run (id) on delete cascade, device_id text not null references device (id),
  device_name text not null, device_key text not null, state text not null, why text, sent_at_ms integer, started_at_ms integer,
  ended_at_ms integer, result text, proof text, primary key (run_id, device_id)
) strict;
create index script_run_device_open on script_run_device (device_id) where state in ('queued', 'sent', 'running');
create table script_run_output (
  run_id text not null, device_id text not null, part integer not null, sealed text not null, primary key (run_id, device_id, part),
  foreign key (run_id, device_id) references script_run_device (run_id, device_id) on delete cascade
) strict;
`

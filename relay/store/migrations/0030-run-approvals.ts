/** Scripts that take a role, runs with their reason that wait for a second person, and how much of an output has come. */
export const runApprovals = `
alter table script add column role_id text;
alter table script_run add column role_id text;
alter table script_run add column reason text not null default '';
alter table script_run_device add column approved_by text;
alter table script_run_device add column output_bytes integer not null default 0;
drop index script_run_device_open;
create index script_run_device_open on script_run_device (device_id) where state in ('awaiting', 'queued', 'sent', 'running');
`

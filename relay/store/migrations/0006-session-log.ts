/** What reports and lists of sessions ask for: the course of each session, and the group that its device was in. */
export const sessionLog = `
alter table session add column group_id text;
alter table session add column granted_at_ms integer;
alter table session add column connected_at_ms integer;
alter table session add column ended_at_ms integer;
alter table session add column end_reason text;
update session set group_id = (select group_id from device where device.id = session.device_id);
update session set ended_at_ms = state_since_ms, end_reason = json_extract(state, '$.reason')
  where state_name in ('ending', 'closed');
update session set granted_at_ms = state_since_ms where json_extract(state, '$.scopes') is not null;
update session set connected_at_ms = state_since_ms where state_name in ('active', 'paused', 'reconnecting');
create index session_log on session (organisation_id, requested_at_ms, id);
create index session_log_device on session (device_id, requested_at_ms, id);
create index session_log_operator on session (operator_id, requested_at_ms, id);
`

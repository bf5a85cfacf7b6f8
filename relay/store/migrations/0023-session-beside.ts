/** A second operator in a session: a session of their own beside the first one's, and one such at most. */
export const sessionBeside = `
alter table session add column beside text references session (id);
drop index session_one_per_device;
create unique index session_one_per_device on session (device_id, coalesce(beside, '')) where state_name not in ('ending', 'closed');
`

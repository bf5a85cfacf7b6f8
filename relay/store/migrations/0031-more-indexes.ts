/** What is asked for at each of these, or thrown away by its age, is found without the rest of its table. */
export const moreIndexes = `
create index script_run_age on script_run (started_at_ms);
create index script_run_device_awaiting on script_run_device (run_id) where state = 'awaiting';
create index pass_session on pass (session_id);
create index pass_expiry on pass (expires_at_ms);
create index login_age on login (created_at_ms);
create index invitation_expiry on invitation (expires_at_ms);
create index password_reset_expiry on password_reset (expires_at_ms);
create index browser_flow_organisation on browser_flow (organisation_id);
create index help_request_end on help_request (until_ms);
create index session_open_credential on session (credential_hash) where state_name <> 'closed';
`

/** The audit by what was done, by whom, on what and when. */
export const auditFilters = `
create index audit_by_action on audit (organisation_id, action, sequence);
create index audit_by_actor on audit (organisation_id, actor, sequence);
create index audit_by_subject on audit (organisation_id, subject, sequence);
create index audit_by_time on audit (organisation_id, at_ms, sequence);
`

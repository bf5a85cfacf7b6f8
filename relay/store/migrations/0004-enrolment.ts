/** Enrolment tokens with a group, networks and approval; devices with a status, whom they belong to, and which copy of their state was seen last. */
export const enrolment = `
alter table enrolment_token add column name text not null default '';
alter table enrolment_token add column max_uses integer not null default 0;
-- No reference: a token whose group is gone enrols nothing, and doesn't keep the group.
alter table enrolment_token add column group_id text not null default '';
alter table enrolment_token add column networks text not null default '[]';
alter table enrolment_token add column approval integer not null default 0 check (approval in (0, 1));
alter table enrolment_token add column created_at_ms integer not null default 0;
alter table enrolment_token add column revoked_at_ms integer;
update enrolment_token set group_id = 'grp_' || substr(organisation_id, 5), max_uses = uses_left
  + (select count(*) from device where device.enrolment_token_hash = enrolment_token.token_hash);
create index enrolment_token_organisation on enrolment_token (organisation_id, created_at_ms);

alter table device add column status text not null default 'active' check (status in ('pending', 'active', 'quarantined'));
alter table device add column status_reason text;
alter table device add column status_since_ms integer not null default 0;
alter table device add column owner text;
alter table device add column boot_id text;
alter table device add column boot_count integer not null default 0;
create index device_of_token on device (enrolment_token_hash);
create index device_quarantined on device (status_since_ms) where status = 'quarantined' and removed_at_ms is null;
create index device_removed_key on device (key_thumbprint) where removed_at_ms is not null;
`

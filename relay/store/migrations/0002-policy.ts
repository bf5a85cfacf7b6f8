/** A program that keeps an organisation's policy in memory asks for this number: it goes up with every change, whoever makes it. */
const countChanges = (table: string): string =>
  ['insert', 'update', 'delete']
    .map(
      change => `
create trigger ${table}_${change}_counts after ${change} on ${table} begin
  update organisation set policy_version = policy_version + 1
    where id = ${change === 'delete' ? 'old' : 'new'}.organisation_id;
end;`,
    )
    .join('')

const ADMINISTRATOR_AT_ROOT = `role_id = 'administrator' and effect = 'allow'`

/**
 * Device groups, roles, who has which role where, and what groups set. Every organisation gets its root group, whose id is the organisation's with
 * another prefix, and the two built-in roles. Who was there before keeps what they could do: administrators everything, operators every session.
 *
 * `member.role` and the Administrator role at the root say the same of a person; triggers keep it so, from whichever side it changes.
 */
export const policy = `
create table device_group (
  id text primary key, organisation_id text not null references organisation (id),
  parent_id text, name text not null,
  unique (organisation_id, id),
  foreign key (organisation_id, parent_id) references device_group (organisation_id, id)
) strict;
create unique index device_group_name on device_group (parent_id, name) where parent_id is not null;
create unique index device_group_root on device_group (organisation_id) where parent_id is null;

create table role (
  organisation_id text not null references organisation (id), id text not null,
  name text not null, capabilities text not null,
  primary key (organisation_id, id)
) strict, without rowid;
create unique index role_name on role (organisation_id, name);

create table role_assignment (
  id text primary key, organisation_id text not null, user_id text references user (id) on delete cascade,
  role_id text not null, group_id text not null, effect text not null check (effect in ('allow', 'deny')),
  check (user_id is not null or effect = 'deny'),
  foreign key (organisation_id, role_id) references role (organisation_id, id),
  foreign key (organisation_id, group_id) references device_group (organisation_id, id)
) strict;
create unique index role_assignment_once
  on role_assignment (organisation_id, group_id, role_id, effect, coalesce(user_id, ''));
create index role_assignment_user on role_assignment (user_id);
create index role_assignment_role on role_assignment (organisation_id, role_id);

create table group_setting (
  organisation_id text not null, group_id text not null, key text not null, value text not null,
  primary key (organisation_id, group_id, key),
  foreign key (organisation_id, group_id) references device_group (organisation_id, id)
) strict, without rowid;

alter table organisation add column policy_version integer not null default 1;
alter table device add column group_id text references device_group (id);
create index device_in_group on device (group_id, name) where removed_at_ms is null;
create index device_of_group on device (group_id);
alter table session add column consent_timeout_ms integer not null default 30000;
alter table session add column duration_max_ms integer not null default 28800000;
create index session_open_organisation on session (organisation_id) where state_name <> 'closed';

insert into device_group select 'grp_' || substr(id, 5), id, null, name from organisation;
insert into role select id, 'administrator', 'Administrator', '[]' from organisation;
insert into role select id, 'operator', 'Operator', '[]' from organisation;
insert into role_assignment
  select 'asg_' || lower(hex(randomblob(13))), organisation_id, user_id,
    case role when 'admin' then 'administrator' else 'operator' end, 'grp_' || substr(organisation_id, 5), 'allow'
  from member;
update device set group_id = 'grp_' || substr(organisation_id, 5);

create trigger organisation_starts after insert on organisation begin
  insert into device_group values ('grp_' || substr(new.id, 5), new.id, null, new.name);
  insert into role values (new.id, 'administrator', 'Administrator', '[]'), (new.id, 'operator', 'Operator', '[]');
end;
create trigger device_starts after insert on device when new.group_id is null begin
  update device set group_id = 'grp_' || substr(new.organisation_id, 5) where id = new.id;
end;

create trigger member_starts after insert on member begin
  insert into role_assignment values (
    'asg_' || lower(hex(randomblob(13))), new.organisation_id, new.user_id,
    case new.role when 'admin' then 'administrator' else 'operator' end,
    'grp_' || substr(new.organisation_id, 5), 'allow'
  );
end;
create trigger member_leaves after delete on member begin
  delete from role_assignment where user_id = old.user_id;
end;
create trigger member_promoted after update of role on member when new.role = 'admin' and not exists (
  select 1 from role_assignment
  where user_id = new.user_id and ${ADMINISTRATOR_AT_ROOT} and group_id = 'grp_' || substr(new.organisation_id, 5)
) begin
  delete from role_assignment
    where user_id = new.user_id and role_id = 'operator' and effect = 'allow'
      and group_id = 'grp_' || substr(new.organisation_id, 5);
  insert into role_assignment values (
    'asg_' || lower(hex(randomblob(13))), new.organisation_id, new.user_id, 'administrator',
    'grp_' || substr(new.organisation_id, 5), 'allow'
  );
end;
create trigger member_demoted after update of role on member when new.role = 'operator' and exists (
  select 1 from role_assignment
  where user_id = new.user_id and ${ADMINISTRATOR_AT_ROOT} and group_id = 'grp_' || substr(new.organisation_id, 5)
) begin
  delete from role_assignment
    where user_id = new.user_id and ${ADMINISTRATOR_AT_ROOT} and group_id = 'grp_' || substr(new.organisation_id, 5);
  insert or ignore into role_assignment values (
    'asg_' || lower(hex(randomblob(13))), new.organisation_id, new.user_id, 'operator',
    'grp_' || substr(new.organisation_id, 5), 'allow'
  );
end;
create trigger administrator_assigned after insert on role_assignment
when new.role_id = 'administrator' and new.effect = 'allow' and new.group_id = 'grp_' || substr(new.organisation_id, 5)
begin
  update member set role = 'admin' where user_id = new.user_id and role <> 'admin';
end;
create trigger administrator_unassigned after delete on role_assignment
when old.role_id = 'administrator' and old.effect = 'allow' and old.group_id = 'grp_' || substr(old.organisation_id, 5)
begin
  update member set role = 'operator' where user_id = old.user_id and role <> 'operator';
end;
${['device_group', 'role', 'role_assignment', 'group_setting'].map(countChanges).join('')}
`

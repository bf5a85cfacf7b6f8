/** Sessions without a person: what they need beside others; and the devices whose door too many wrong passwords have shut. */
export const unattended = `
alter table session add column unattended text;
create table unattended_off (device_id text primary key references device (id), since_ms integer not null) strict;
`

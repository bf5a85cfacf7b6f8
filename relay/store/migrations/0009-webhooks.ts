/** Where events are sent, and each sending. A delivery is written in the transaction of what it tells. */
export const webhooks = `
create table webhook (
  id text primary key, organisation_id text not null references organisation (id), url text not null, events text not null,
  description text not null, sealed_secret text not null, sealed_old_secret text, old_secret_until_ms integer,
  created_at_ms integer not null
) strict;
create index webhook_organisation on webhook (organisation_id, created_at_ms);
create table webhook_delivery (
  id text primary key, webhook_id text not null references webhook (id) on delete cascade, event_id text not null,
  type text not null, payload text not null, created_at_ms integer not null,
  status text not null check (status in ('waiting', 'delivered', 'dead')),
  attempts integer not null default 0, next_at_ms integer, last_status integer, last_error text
) strict;
create index webhook_delivery_log on webhook_delivery (webhook_id, created_at_ms, id);
create index webhook_delivery_due on webhook_delivery (next_at_ms) where status = 'waiting';
create index webhook_delivery_done on webhook_delivery (created_at_ms) where status <> 'waiting';
`

/** What didn't arrive is one list for each organisation, and each receiver's turn to be sent to is found by itself. */
export const failedDeliveries = `
alter table webhook_delivery add column organisation_id text;
alter table webhook_delivery add column replayed_at_ms integer;
update webhook_delivery set organisation_id = (select webhook.organisation_id from webhook where webhook.id = webhook_id);
drop index webhook_delivery_due;
create index webhook_delivery_due on webhook_delivery (webhook_id, next_at_ms) where status = 'waiting';
drop index webhook_delivery_dead;
create index webhook_delivery_dead on webhook_delivery (organisation_id, created_at_ms, id)
  where status = 'dead' and replayed_at_ms is null;
create index webhook_delivery_retrying on webhook_delivery (organisation_id, created_at_ms, id)
  where status = 'waiting' and attempts > 0;
`

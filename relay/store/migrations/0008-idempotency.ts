/** Requests with an `Idempotency-Key`, with their sealed answers. A row without an answer was begun, and the relay stopped before it could answer. */
export const idempotency = `
create table idempotency (
  principal text not null, key text not null, request_hash text not null, sealed_reply text, expires_at_ms integer not null,
  primary key (principal, key)
) strict, without rowid;
create index idempotency_expiry on idempotency (expires_at_ms);
`

/** What devices signed about their sessions. A receipt is written once and never changed. */
export const receipts = `
create table receipt (
  session_id text not null references session (id), number integer not null, receipt text not null,
  kept_at_ms integer not null, primary key (session_id, number)
) strict, without rowid;
create trigger receipt_keeps_words before update on receipt begin select raise(abort, 'receipts are never changed'); end;
`

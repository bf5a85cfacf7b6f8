/** Where the audit's time went back: between two of these places it only goes forward, and a time is found there by halving. */
export const auditClock = `
create table audit_clock (organisation_id text not null, sequence integer not null, primary key (organisation_id, sequence)) strict, without rowid;
insert into audit_clock (organisation_id, sequence)
  select organisation_id, sequence from (
    select organisation_id, sequence, at_ms, lag(at_ms) over (partition by organisation_id order by sequence) as before_ms
      from audit where organisation_id is not null)
  where at_ms < before_ms - 60000;
`

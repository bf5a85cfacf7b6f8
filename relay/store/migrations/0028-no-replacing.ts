const REFUSED = {
  audit: 'the audit is append-only',
  audit_tombstone: 'tombstones are append-only',
  receipt: 'receipts are never changed',
}

const keepsPlace = (table: keyof typeof REFUSED, isTaken: string) => `
create trigger ${table}_keeps_place before insert on ${table} when exists (select 1 from ${table} where ${isTaken})
  begin select raise(abort, '${REFUSED[table]}'); end;`

/** `insert or replace` takes the row that stands in its way without telling the triggers on deleting (SQLite, `recursive_triggers`). */
export const noReplacing = [
  keepsPlace('audit', 'sequence = new.sequence or (chain = new.chain and position = new.position)'),
  keepsPlace('audit_tombstone', 'chain = new.chain and position = new.position'),
  keepsPlace('receipt', 'session_id = new.session_id and number = new.number'),
].join('')

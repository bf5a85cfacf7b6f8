/** What the operator of a session wrote about it. Sessions are found by it too. */
export const sessionNote = `
alter table session add column note text;
alter table session add column noted_at_ms integer;
alter table session add column note_changed_at_ms integer;
`

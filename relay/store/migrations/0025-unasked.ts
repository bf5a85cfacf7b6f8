/** Sessions that begin without an answer of the person's: what their operator wished, and why nobody was asked in the end. And such as have no chat. */
export const unasked = `
alter table session add column skips_consent integer not null default 0 check (skips_consent in (0, 1));
alter table session add column unasked text;
alter table session add column without_chat integer not null default 0 check (without_chat in (0, 1));
`

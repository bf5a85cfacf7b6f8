/** The sign-in or API key that a session stands on: it ends with that. Null in those of before. */
export const sessionCredential = `
alter table session add column credential_hash text;
`

/** What organisations' keys said, the keys of operators' apps with their certificates, and why a device refused a request. */
export const organisationTrust = `
create table organisation_order (
  organisation_id text not null references organisation (id), sequence integer not null, statement text not null,
  is_hand_over integer not null, kept_at_ms integer not null, primary key (organisation_id, sequence)
) strict, without rowid;
create table operator_key (
  user_id text not null references user (id), thumbprint text not null, key text not null, computer text not null,
  registered_at_ms integer not null, certificate text, primary key (user_id, thumbprint)
) strict, without rowid;
alter table session add column operator_chain text;
alter table session add column refusal text;
`

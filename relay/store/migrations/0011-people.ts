/**
 * People who may not sign in for now, and people whose address has its account in another organisation: these are listed with `shown_email`, and sign in
 * nowhere. Who is switched off has no rights meanwhile, so that counts as a change of the policy.
 */
export const people = `
alter table user add column disabled_at_ms integer;
alter table user add column shown_email text;
create trigger user_switched after update of disabled_at_ms on user begin
  update organisation set policy_version = policy_version + 1
    where id = (select organisation_id from member where user_id = new.id);
end;
`

/** The operator's commitment to their half of the three numbers of a consent dialog. */
export const numberMatch = `
alter table session add column match_commitment text;
`

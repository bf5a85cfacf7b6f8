export const strings = {
  title: 'Organisation',
  loading: 'Loading what holds for the organisation…',
  saved: 'Saved.',
  save: 'Save',
  busy: 'Saving…',
}

export const ssoStrings = {
  title: 'Single sign-on',
  lead: 'People whose address is in one of these domains sign in with the organisation’s own identity provider (OpenID Connect).',
  redirect: 'Allow this redirect address at the identity provider',
  issuer: 'Issuer',
  issuerHint: 'The relay asks it before anything is saved.',
  clientId: 'Client ID',
  secret: 'Client secret',
  secretKept: 'Empty keeps the one that is there',
  domains: 'Domains',
  domainsHint: 'Separated by commas, for example: example.org, example.com',
  domainsWrong: 'One of these isn’t a domain.',
  createsAccounts: 'Whoever comes from there for the first time gets an account',
  createsAccountsHint: 'As an operator. Without this, people are invited first.',
  remove: 'Turn off…',
  removal: {
    title: 'Turn single sign-on off?',
    text: 'Whoever has no password here can’t sign in any more. What they did, and their roles, stay.',
    submit: 'Turn it off',
    busy: 'Turning it off…',
  },
}

export const retentionStrings = {
  title: 'How long things are kept',
  lead: 'What is older goes once a day. An empty field leaves it to the relay.',
  audit: 'Audit, days',
  auditHint: '30 at least',
  history: 'Connections and what devices are made of, days',
  recording: 'Recordings of terminals on devices, days',
  now: (days: number | null) => (days === null ? 'Kept for ever now' : `${days} days now`),
  wrong: 'Whole days, from 1 (audit: 30) to 3,650.',
}

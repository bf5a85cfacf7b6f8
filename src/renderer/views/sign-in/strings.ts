export const strings = {
  title: 'Sign in to Handhold',
  lead: 'Remote support that people let in.',
  relay: 'Relay address',
  relayPlaceholder: 'https://relay.example.com',
  relayHint: 'Your administrator knows it. It is the same for everybody in your organisation.',
  email: 'E-mail',
  password: 'Password',
  submit: 'Sign in',
  busy: 'Signing in…',
  restoring: 'Restoring your last sign-in…',
  starting: 'Starting…',
  startFailed: 'Handhold could not read its own state.',
  reload: 'Load again',
}

export const secondStepStrings = {
  title: 'One more step',
  lead: (email: string) => `Signing in as ${email}`,
  code: 'Code of your authenticator app',
  codeHint: 'Six digits. Each code is good once.',
  recoveryCode: 'Recovery code',
  recoveryCodeHint: 'One of the ten that you kept. It is used up by this.',
  useRecoveryCode: 'Use a recovery code',
  useCode: 'Use the authenticator app',
  startAgain: 'Start again',
  submit: 'Sign in',
  passkeys:
    'A passkey can’t be used here: it belongs to the address of your relay, and this window isn’t a page of it.',
}

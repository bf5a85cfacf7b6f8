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
  inBrowserHint: 'Or in your browser, with your organisation’s sign-in or a passkey:',
  sso: 'Single sign-on',
  passkey: 'Passkey',
  restoring: 'Restoring your last sign-in…',
  starting: 'Starting…',
  passWaits: 'Sign in, and the access pass that you opened is looked at.',
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
  passkeys: 'A passkey needs no code: start again and choose it.',
}

export const browserStrings = {
  title: 'Go on in your browser',
  lead: 'It shows a code at its end.',
  waiting: 'Waiting for your browser…',
  done: 'Your browser is done.',
  code: 'Code in your browser',
  codeHint: 'Six digits, at the end of the sign-in there.',
  startAgain: 'Start again',
  submit: 'Sign in',
}

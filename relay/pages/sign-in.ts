import { button, paragraph, show } from './element.ts'
import { actButton, form } from './form.ts'
import { canUsePasskeys, passkeyProof } from './passkey-browser.ts'
import { ask } from './relay.ts'
import { type SignedIn, signIn } from './signed-in.ts'

interface SignInView {
  /** Why somebody has to sign in again. */
  readonly note?: string | undefined
  readonly onSignedIn: (person: SignedIn) => Promise<void>
}

/** The way in to looking after one's own password, authenticator app and passkeys. */
export function showSignIn(view: SignInView): void {
  const { note, onSignedIn } = view
  show('Your Handhold account', [
    paragraph(note ?? 'Sign in to look after your password, your authenticator app and your passkeys.'),
    form({
      fields: [
        { name: 'email', label: 'E-mail', set: { type: 'email', autocomplete: 'username', maxLength: 254 } },
        {
          name: 'password',
          label: 'Password',
          set: { type: 'password', autocomplete: 'current-password', maxLength: 1024 },
        },
      ],
      submit: 'Sign in',
      busy: 'Signing in…',
      act: async ({ email = '', password = '' }) => {
        const answer = await signIn(email.trim(), password)
        if ('token' in answer) await onSignedIn(answer)
        else showSecondFactor(answer.secondFactor.ticket, view)
      },
    }),
    canUsePasskeys()
      ? actButton('Sign in with a passkey', 'Waiting for your passkey…', async () => onSignedIn(await passkeySignIn()))
      : null,
  ])
}

function showSecondFactor(ticket: string, view: SignInView): void {
  show('One more step', [
    form({
      fields: [
        {
          name: 'answer',
          label: 'Code of your authenticator app, or a recovery code',
          set: { autocomplete: 'one-time-code', maxLength: 40 },
        },
      ],
      submit: 'Sign in',
      busy: 'Signing in…',
      act: async ({ answer = '' }) => {
        const digits = answer.replace(/\s/g, '')
        const proof = /^\d{6}$/.test(digits) ? { code: digits } : { recoveryCode: answer.trim() }
        await view.onSignedIn(await ask<SignedIn>('POST', '/v1/sign-in/second-factor', { ticket, ...proof }))
      },
    }),
    button('Start again', () => showSignIn(view)),
  ])
}

const passkeySignIn = async () => ask<SignedIn>('POST', '/v1/sign-in/passkey', await passkeyProof())

import { paragraph, show } from './element.ts'
import { form, newPassword } from './form.ts'
import { ask } from './relay.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { forgetLink } from './spent-link.ts'

/** Makes the account of somebody who was invited, and signs them in on this page. */
export function showInvitation(token: string, onSignedIn: (person: SignedIn) => Promise<void>): void {
  show('You were invited', [
    paragraph('Choose how you are called here, and a password. Then you can sign in to the Handhold app.'),
    form({
      fields: [
        { name: 'name', label: 'Your name', set: { autocomplete: 'name', maxLength: 80 } },
        { ...newPassword, label: 'Password' },
      ],
      submit: 'Make my account',
      busy: 'Making your account…',
      act: async ({ name = '', password = '' }) => {
        const { user } = await ask<{ user: { email: string } }>('POST', '/v1/invitations/accept', {
          token,
          name: name.trim(),
          password,
        })
        forgetLink()
        const signedIn = await signIn(user.email, password)
        if ('token' in signedIn) await onSignedIn(signedIn)
      },
    }),
  ])
}

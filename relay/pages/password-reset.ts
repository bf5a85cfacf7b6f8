import { button, paragraph, show } from './element.ts'
import { form, newPassword } from './form.ts'
import { ask } from './relay.ts'
import { forgetLink } from './spent-link.ts'

/** Sets a new password with an administrator's link. It signs nobody in. */
export function showPasswordReset(token: string, onSignIn: () => void): void {
  show('Choose a new password', [
    paragraph('Everywhere where you are signed in now, you have to sign in again.'),
    form({
      fields: [newPassword],
      submit: 'Set the password',
      busy: 'Setting the password…',
      act: async ({ password }) => {
        await ask('POST', '/v1/sign-in/password-reset', { token, password })
        forgetLink()
        show('Your new password holds', [
          paragraph('Sign in to the Handhold app with it.'),
          button('Look after my account here', onSignIn),
        ])
      },
    }),
  ])
}

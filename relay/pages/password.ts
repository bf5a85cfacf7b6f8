import { type Account, part } from './account-part.ts'
import { form, newPassword } from './form.ts'

export const passwordPart = (account: Account): HTMLElement =>
  part('Password', [
    form({
      fields: [
        {
          name: 'currentPassword',
          label: 'Present password',
          set: { type: 'password', autocomplete: 'current-password', maxLength: 1024 },
        },
        newPassword,
      ],
      submit: 'Change the password',
      busy: 'Changing the password…',
      act: async ({ currentPassword, password: newText }) => {
        await account.call('POST', '/v1/me/password', { currentPassword, newPassword: newText })
        await account.refresh('Your new password holds')
      },
    }),
  ])

import type { AdminCall } from '../../../stores/admin/admin-app.ts'
import type { Question } from '../confirm-dialog.tsx'
import type { OneTimeLink } from './link-dialog.tsx'
import type { Person } from './person.ts'
import { strings } from './strings.ts'

/** What can be done to a person, each asked first. */
export function personQuestions(
  call: AdminCall,
  { id: userId, name }: Person,
  on: { onChanged: () => void; onLink: (link: OneTimeLink) => void; onGone: () => void },
) {
  const change = (role: Person['role']): Question => ({
    title: strings.changeTitle(name, role),
    text: strings.changeText[role],
    submit: strings.changeSubmit,
    busy: strings.changeBusy,
    act: async () => {
      await call.changePerson({ userId, role })
      on.onChanged()
    },
  })
  const signOut: Question = {
    title: strings.signOutTitle(name),
    text: strings.signOutText,
    submit: strings.signOutSubmit,
    busy: strings.signOutBusy,
    act: () => call.signOutPerson({ userId }),
  }
  const reset: Question = {
    title: strings.resetTitle(name),
    text: strings.resetText,
    submit: strings.resetSubmit,
    busy: strings.busy,
    act: async () => on.onLink(await call.resetPassword({ userId })),
  }
  const twoFactor: Question = {
    title: strings.twoFactorTitle(name),
    text: strings.twoFactorText,
    submit: strings.twoFactorSubmit,
    busy: strings.twoFactorBusy,
    act: async () => {
      await call.disableTwoFactor({ userId })
      on.onChanged()
    },
  }
  const disable: Question = {
    ...strings.disabling(name),
    act: async () => {
      await call.disablePerson({ userId })
      on.onChanged()
    },
  }
  const enable: Question = {
    ...strings.enabling(name),
    act: async () => {
      await call.enablePerson({ userId })
      on.onChanged()
    },
  }
  const remove: Question = {
    title: strings.removeTitle(name),
    text: strings.removeText,
    submit: strings.removeSubmit,
    busy: strings.removeBusy,
    act: async () => {
      await call.removePerson({ userId })
      on.onGone()
      on.onChanged()
    },
  }
  return { change, signOut, reset, twoFactor, disable, enable, remove }
}

import type { Account, Security } from './account-part.ts'
import { authenticatorPart } from './authenticator.ts'
import { element, paragraph, show } from './element.ts'
import { actButton } from './form.ts'
import { passkeyPart } from './passkeys.ts'
import { passwordPart } from './password.ts'
import { ask, type Refusal } from './relay.ts'
import type { SignedIn } from './signed-in.ts'

export interface AccountView {
  readonly person: SignedIn
  /** Instead of the person's name: what just happened. */
  readonly title?: string | undefined
  /** The person signed out, or has to prove again who they are. */
  readonly onOver: (note?: string) => void
}

/** What somebody can do about how they sign in. */
export async function showAccount({ person, title, onOver }: AccountView): Promise<void> {
  const call: Account['call'] = <T>(method: string, path: string, body?: unknown) =>
    ask<T>(method, path, body, person.token).catch((thrown: Refusal) => {
      if (thrown.code !== 'step-up-required' && thrown.code !== 'unauthenticated') throw thrown
      onOver('It is more than five minutes since you signed in here. Sign in again to go on.')
      throw thrown
    })
  const security = await call<Security>('GET', '/v1/me/security')
  const account: Account = { security, call, refresh: next => showAccount({ person, title: next, onOver }) }
  const { user, organisation } = person
  show(title ?? user.name, [
    paragraph(`${user.email}, ${organisation.name}`, 'muted'),
    title === undefined ? null : nextStep(),
    authenticatorPart(account),
    await passkeyPart(account),
    security.hasPassword ? passwordPart(account) : null,
    actButton('Sign out here', 'Signing out…', async () => {
      await call('POST', '/v1/sign-out')
      onOver()
    }),
  ])
}

const nextStep = () =>
  element('section', { class: 'next' }, [
    paragraph('Open the Handhold app and sign in with your e-mail and password. The address of your relay:'),
    element('code', {}, [location.origin]),
    paragraph('Before that, make your account safer with a second factor.', 'muted'),
  ])

import { element, paragraph, show } from './element.ts'
import { actButton } from './form.ts'
import { canUsePasskeys, passkeyProof } from './passkey-browser.ts'
import { ask } from './relay.ts'
import { forgetLink } from './spent-link.ts'

/** Asks for a passkey on behalf of the app, and shows the code that the app waits for. */
export function showAppSignIn(state: string): void {
  show('Sign in to Handhold', [
    paragraph('Prove with your passkey who you are. Then type the code that is shown here into the Handhold app.'),
    paragraph('If you did not start this from Handhold on your own computer, close this page.', 'muted'),
    canUsePasskeys()
      ? actButton('Use a passkey', 'Waiting for your passkey…', () => prove(state), 'primary')
      : paragraph('This browser offers no passkeys to this address. Open the link in another browser.'),
  ])
}

async function prove(state: string): Promise<void> {
  const proof = await passkeyProof()
  const { code, email } = await ask<{ code: string; email: string }>('POST', '/v1/sign-in/browser/passkey', {
    state,
    proof,
  })
  forgetLink()
  show('Almost signed in', [
    paragraph(`You are ${email}. Type this code into Handhold:`),
    element('p', { class: 'code' }, [`${code.slice(0, 3)} ${code.slice(3)}`]),
    paragraph('Tell nobody the code: whoever has it signs in as you.', 'muted'),
  ])
}

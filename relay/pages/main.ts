import { showAccount } from './account.ts'
import { showAppSignIn } from './app-sign-in.ts'
import { showInvitation } from './invitation.ts'
import { showPasswordReset } from './password-reset.ts'
import { showSignIn } from './sign-in.ts'
import type { SignedIn } from './signed-in.ts'
import { showBrokenLink } from './spent-link.ts'

const openSignIn = (note?: string): void => showSignIn({ note, onSignedIn: person => openAccount(person) })
const openAccount = (person: SignedIn, title?: string) => showAccount({ person, title, onOver: openSignIn })

/** What of a link is a secret stands after `#`, which no browser sends to a server or names to another page. */
const secret = location.hash.slice(1)

const LINKS: Readonly<Record<string, () => void>> = {
  '/invitation': () => showInvitation(secret, person => openAccount(person, 'Your account is there')),
  '/sign-in': () => showAppSignIn(secret),
  '/password-reset': () => showPasswordReset(secret, () => openSignIn()),
}
const openLink = LINKS[location.pathname]
if (!openLink) openSignIn()
else if (secret === '') showBrokenLink()
else openLink()

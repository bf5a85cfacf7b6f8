import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Chance } from '../domain/chance.ts'
import type { Clock } from '../domain/clock.ts'
import type { DeniedAttempts } from '../domain/denied-attempts.ts'
import type { OperatorGateway } from '../domain/gateways.ts'
import { Accounts, type BootstrapSecret } from '../domain/identity/accounts.ts'
import { ApiKeys } from '../domain/identity/api-keys.ts'
import { BrowserFlows } from '../domain/identity/browser-flows.ts'
import { IdentityProviders } from '../domain/identity/identity-providers.ts'
import { Invitations } from '../domain/identity/invitations.ts'
import { type EndSessions, Logins } from '../domain/identity/logins.ts'
import { PasskeyPage } from '../domain/identity/passkey-page.ts'
import { Passkeys } from '../domain/identity/passkeys.ts'
import { Passwords } from '../domain/identity/passwords.ts'
import { People } from '../domain/identity/people.ts'
import { SignIn } from '../domain/identity/sign-in.ts'
import { SignInLimits } from '../domain/identity/sign-in-limits.ts'
import { SingleSignOn } from '../domain/identity/single-sign-on.ts'
import { SsoPeople } from '../domain/identity/sso-people.ts'
import { StepUp } from '../domain/identity/step-up.ts'
import { TwoFactor } from '../domain/identity/two-factor.ts'
import type { Log } from '../domain/log.ts'
import { openSeal } from '../keys/sealing-key.ts'
import type { SqliteStore } from '../store/store.ts'
import { createCredentials, type PasswordHashing } from './credentials.ts'
import { createOidcClient } from './oidc.ts'
import { createTimeCodes } from './time-codes.ts'
import { createWebAuthn } from './web-authn.ts'

export interface IdentityParts {
  readonly store: SqliteStore
  readonly clock: Clock
  readonly chance: Chance
  readonly denied: DeniedAttempts
  readonly operators: OperatorGateway
  readonly log: Log
  /** Ends what the policy of an organisation doesn't permit any more. */
  readonly settle: (organisationId: string) => Promise<void>
  readonly endSessions: EndSessions
  readonly bootstrapSecret: BootstrapSecret
  readonly dataDir: string
  /** Where browsers reach the relay; asked for when it is needed, since a free port is known late. */
  readonly publicUrl: () => URL
  /** Identity providers on this machine over plain HTTP. No setting leads here: tests only. */
  readonly allowLoopbackIssuers: boolean
  readonly passwordHashing: PasswordHashing
}

/** Everything about people and how they prove who they are. */
export interface IdentityServices {
  readonly accounts: Accounts
  readonly people: People
  readonly invitations: Invitations
  readonly passwords: Passwords
  readonly logins: Logins
  readonly signIn: SignIn
  readonly stepUp: StepUp
  readonly twoFactor: TwoFactor
  readonly passkeys: Passkeys
  readonly providers: IdentityProviders
  readonly singleSignOn: SingleSignOn
  readonly browserFlows: BrowserFlows
  readonly passkeyPage: PasskeyPage
  readonly apiKeys: ApiKeys
}

export function setupIdentity(parts: IdentityParts): IdentityServices {
  const { store, clock, chance, denied, operators, log, publicUrl, settle, endSessions } = parts
  const credentials = createCredentials(
    { accountByEmail: email => store.account({ email }), accountByUserId: userId => store.account({ userId }) },
    randomBytes(32).toString('base64url'),
    parts.passwordHashing,
  )
  const { hashPassword } = credentials
  const seal = openSeal(join(parts.dataDir, 'identity-key'))
  const limits = new SignInLimits(store, clock, chance)
  const logins = new Logins({ store, clock, chance, operators, log, endSessions })
  const twoFactor = new TwoFactor({ store, clock, chance, seal, timeCodes: createTimeCodes(chance) })
  const signIn = new SignIn({ store, clock, chance, credentials, limits, denied, logins, twoFactor })
  const passkeys = new Passkeys({ store, clock, chance, webAuthn: createWebAuthn(publicUrl), signIn, logins })
  const browserFlows = new BrowserFlows({ store, clock, chance, logins, signIn })
  const oidc = createOidcClient(parts.allowLoopbackIssuers)
  const redirectUri = () => new URL('/v1/sign-in/sso/callback', publicUrl()).href
  const providers = new IdentityProviders({ store, clock, seal, oidc, redirectUri })
  const people = new SsoPeople({ store, clock, chance })
  return {
    accounts: new Accounts({
      store,
      clock,
      chance,
      denied,
      bootstrapSecret: parts.bootstrapSecret,
      hashPassword,
      settle,
    }),
    people: new People({ store, clock, logins, settle }),
    invitations: new Invitations({ store, clock, chance, denied, hashPassword, settle }),
    passwords: new Passwords({ store, clock, chance, hashPassword, signIn, logins }),
    logins,
    signIn,
    stepUp: new StepUp({ store, clock, signIn, twoFactor, passkeys, flows: browserFlows }),
    twoFactor,
    passkeys,
    providers,
    singleSignOn: new SingleSignOn({ store, flows: browserFlows, providers, people, denied }),
    browserFlows,
    passkeyPage: new PasskeyPage({ flows: browserFlows, passkeys, signIn, publicUrl }),
    apiKeys: new ApiKeys({ store, clock, chance, endSessions }),
  }
}

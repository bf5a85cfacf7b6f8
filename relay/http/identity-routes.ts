import type { Services } from '../services.ts'
import type { Route } from './described-route.ts'
import { revokeApiKey } from './v1/api-keys/api-key-id.ts'
import { apiKeys, createApiKey } from './v1/api-keys.ts'
import { acceptInvitation } from './v1/invitations/accept.ts'
import { revokeInvitation } from './v1/invitations/invitation-id.ts'
import { invitations, invite } from './v1/invitations.ts'
import { administration } from './v1/me/administration.ts'
import { operatorKeys, registerOperatorKey } from './v1/me/operator-keys.ts'
import { changePassword } from './v1/me/password.ts'
import { security } from './v1/me/security.ts'
import { stepUp } from './v1/me/step-up.ts'
import { me } from './v1/me.ts'
import { endOperatorSession } from './v1/operator-sessions/login-id.ts'
import { endOtherOperatorSessions, operatorSessions } from './v1/operator-sessions.ts'
import { disableOperator, enableOperator } from './v1/operators/user-id/disable.ts'
import { makePasswordReset } from './v1/operators/user-id/password-reset.ts'
import { signOutOperator } from './v1/operators/user-id/sign-out.ts'
import { disableTotpOf } from './v1/operators/user-id/two-factor.ts'
import { changeOperator, removeOperator } from './v1/operators/user-id.ts'
import { addOperator, operators } from './v1/operators.ts'
import { passkeyOptions } from './v1/passkeys/options.ts'
import { removePasskey } from './v1/passkeys/passkey-id.ts'
import { addPasskey, passkeys } from './v1/passkeys.ts'
import { browserPasskey } from './v1/sign-in/browser/passkey.ts'
import { browserStart } from './v1/sign-in/browser.ts'
import { passkeySignInOptions } from './v1/sign-in/passkey/options.ts'
import { passkeySignIn } from './v1/sign-in/passkey.ts'
import { redeemPasswordReset } from './v1/sign-in/password-reset.ts'
import { secondFactor } from './v1/sign-in/second-factor.ts'
import { ssoCallback } from './v1/sign-in/sso/callback.ts'
import { ssoRedeem } from './v1/sign-in/sso/redeem.ts'
import { ssoStart } from './v1/sign-in/sso.ts'
import { signIn } from './v1/sign-in.ts'
import { signOut } from './v1/sign-out.ts'
import { removeSsoProvider, setSsoProvider, ssoProvider } from './v1/sso.ts'
import { confirmTotp } from './v1/two-factor/confirm.ts'
import { newRecoveryCodes } from './v1/two-factor/recovery-codes.ts'
import { disableTotp, enrolTotp } from './v1/two-factor.ts'

/** People and how they sign in. */
export const identityRoutes = (services: Services): Route[] =>
  [
    signIn,
    secondFactor,
    passkeySignInOptions,
    passkeySignIn,
    browserStart,
    browserPasskey,
    ssoStart,
    ssoCallback,
    ssoRedeem,
    redeemPasswordReset,
    signOut,
    me,
    administration,
    security,
    stepUp,
    changePassword,
    operatorKeys,
    registerOperatorKey,
    enrolTotp,
    disableTotp,
    confirmTotp,
    newRecoveryCodes,
    passkeys,
    addPasskey,
    passkeyOptions,
    removePasskey,
    operatorSessions,
    endOtherOperatorSessions,
    endOperatorSession,
    operators,
    addOperator,
    changeOperator,
    removeOperator,
    disableOperator,
    enableOperator,
    makePasswordReset,
    signOutOperator,
    disableTotpOf,
    invitations,
    invite,
    acceptInvitation,
    revokeInvitation,
    ssoProvider,
    setSsoProvider,
    removeSsoProvider,
    apiKeys,
    createApiKey,
    revokeApiKey,
  ].map(route => route(services))

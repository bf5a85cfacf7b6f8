import { z } from 'zod'
import { apiScopeSchema } from './api-scopes.ts'
import { emailSchema, nonBlankLine, passwordSchema, signInReplySchema } from './http.ts'
import { apiKeyIdSchema, invitationIdSchema, loginIdSchema, passkeyIdSchema, userIdSchema } from './ids.ts'
import { pageQuery, pageReply } from './page-http.ts'
import { displayLine } from './text.ts'

/** Bodies of the relay's identity routes: signing in, second factors, passkeys, single sign-on, people, API keys. */
const epochMs = z.number().int().nonnegative()
const secretText = z.string().min(16).max(128)
const roleSchema = z.enum(['admin', 'operator'])

/** What stands for a sign-in that isn't complete. It opens nothing but the next step, and not for long. */
const ticketSchema = secretText
const codeSchema = z.string().regex(/^\d{6}$/, 'must be six digits')
const recoveryCodeSchema = z.string().min(16).max(40)

/** POST /v1/sign-in answers with one of these. The password was right; a code of the authenticator app or a recovery code is still wanted. */
export const secondFactorNeededSchema = z.object({
  secondFactor: z.object({
    ticket: ticketSchema,
    methods: z.array(z.enum(['totp', 'recovery-code'])).min(1),
    expiresAtMs: epochMs,
  }),
})
export const signInAnswerSchema = z.union([signInReplySchema, secondFactorNeededSchema])

const codeAnswer = z.strictObject({ code: codeSchema })
const recoveryCodeAnswer = z.strictObject({ recoveryCode: recoveryCodeSchema })
/** What completes a sign-in: a code of the authenticator app, or one of the recovery codes. */
export const secondFactorAnswerSchema = z.union([codeAnswer, recoveryCodeAnswer])
export type SecondFactorAnswer = z.infer<typeof secondFactorAnswerSchema>
/** POST /v1/sign-in/second-factor answers like a complete sign-in. */
export const secondFactorBodySchema = z.union([
  codeAnswer.extend({ ticket: ticketSchema }),
  recoveryCodeAnswer.extend({ ticket: ticketSchema }),
])

/** POST /v1/sign-in/password-reset, with the token of an administrator's link. It signs nobody in. */
export const passwordResetBodySchema = z.strictObject({ token: secretText, password: passwordSchema })

/** POST /v1/me/password: every other sign-in of this person ends. */
export const passwordBodySchema = z.strictObject({
  currentPassword: z.string().min(1).max(1024),
  newPassword: passwordSchema,
})

/** GET /v1/me/security */
export const securityReplySchema = z.object({
  role: roleSchema,
  hasPassword: z.boolean(),
  totp: z.boolean(),
  recoveryCodesLeft: z.number().int().nonnegative(),
  passkeys: z.number().int().nonnegative(),
  authenticatedAtMs: epochMs,
})

/** POST /v1/two-factor: the secret for the authenticator app, in this reply and nowhere else. Not in force before it is confirmed. */
export const totpReplySchema = z.object({ secret: z.string().max(128), uri: z.string().max(1024) })
/** POST /v1/two-factor/confirm; POST /v1/two-factor/recovery-codes has no body. The codes are in this reply and nowhere else. */
export const totpConfirmBodySchema = z.strictObject({ code: codeSchema })
export const recoveryCodesReplySchema = z.object({ recoveryCodes: z.array(z.string().max(40)).length(10) })

const base64url = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^[A-Za-z0-9_-]*$/, 'must be base64url')
const transports = z.array(z.string().max(32)).max(8)

/** WebAuthn's own JSON forms (`PublicKeyCredential.toJSON()`), as far as they are read. */
export const passkeyRegistrationSchema = z.object({
  id: base64url(1400),
  rawId: base64url(1400),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url(8192),
    attestationObject: base64url(16_384),
    transports: transports.optional(),
  }),
})
export const passkeyAssertionSchema = z.object({
  id: base64url(1400),
  rawId: base64url(1400),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url(8192),
    authenticatorData: base64url(8192),
    signature: base64url(2048),
    userHandle: base64url(128).nullish(),
  }),
})

export type PasskeyRegistration = z.infer<typeof passkeyRegistrationSchema>
export type PasskeyAssertion = z.infer<typeof passkeyAssertionSchema>

/** POST /v1/passkeys/options and POST /v1/sign-in/passkey/options. `options` go to the browser as they are. */
export const passkeyOptionsReplySchema = z.object({
  ticket: ticketSchema,
  expiresAtMs: epochMs,
  options: z.record(z.string(), z.unknown()),
})
/** POST /v1/passkeys */
export const passkeyBodySchema = z.strictObject({
  ticket: ticketSchema,
  name: nonBlankLine(60),
  credential: passkeyRegistrationSchema,
})
/** POST /v1/sign-in/passkey, which answers like a complete sign-in; also how a passkey steps up. */
export const passkeyProofSchema = z.strictObject({ ticket: ticketSchema, credential: passkeyAssertionSchema })
export type PasskeyProof = z.infer<typeof passkeyProofSchema>
/** POST /v1/me/step-up: the person proves again who they are. `code` is needed by those who have an authenticator app. */
export const stepUpBodySchema = z.union([
  z.strictObject({ password: z.string().min(1).max(1024), code: codeSchema.optional() }),
  z.strictObject({ passkey: passkeyProofSchema }),
  /** In the browser: what the app keeps, and the code that the browser shows. */
  z.strictObject({ browser: z.strictObject({ ticket: ticketSchema, code: codeSchema }) }),
])
export const stepUpReplySchema = z.object({ authenticatedAtMs: epochMs })

const passkeyViewSchema = z.object({
  id: passkeyIdSchema,
  name: displayLine(60),
  createdAtMs: epochMs,
  lastUsedAtMs: epochMs.nullable(),
})
export const passkeyReplySchema = z.object({ passkey: passkeyViewSchema })
export const passkeysReplySchema = z.object({ passkeys: z.array(passkeyViewSchema).max(200), ...pageReply })

/** POST /v1/sign-in/sso: the app opens `url` in the browser and keeps `ticket` to itself. */
export const ssoStartBodySchema = z.strictObject({ email: emailSchema })
export const ssoStartReplySchema = z.object({ url: z.url().max(4096), ticket: ticketSchema, expiresAtMs: epochMs })
/** POST /v1/sign-in/browser, answered like the above: a page of the relay's asks for a passkey. */
/** POST /v1/sign-in/browser/passkey, from that page. `state` is what stands in its address; the answer is what it shows. */
export const browserPasskeyBodySchema = z.strictObject({ state: secretText, proof: passkeyProofSchema })
export const browserPasskeyReplySchema = z.object({ code: codeSchema, email: displayLine(254) })
/**
 * POST /v1/sign-in/sso/redeem, for both ways. Without `code` it only says how far the browser is. `code` is what the browser shows at the end: whoever was talked into
 * opening a stranger's link doesn't have the app that asks for it, so nobody can sign in with somebody else's browser.
 */
export const ssoRedeemBodySchema = z.strictObject({ ticket: ticketSchema, code: codeSchema.optional() })
export const ssoRedeemReplySchema = z.union([
  signInReplySchema,
  z.object({ state: z.enum(['waiting-for-browser', 'waiting-for-code']) }),
])

const domain = z
  .string()
  .max(253)
  .transform(text => text.toLowerCase())
  .pipe(z.string().regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/, 'not a domain'))
/** PUT /v1/sso. Leaving `clientSecret` out keeps the one that is there. GET /v1/sso never returns it. */
export const ssoBodySchema = z.strictObject({
  issuer: z.url({ protocol: /^https?$/ }).max(512),
  clientId: z.string().min(1).max(256),
  clientSecret: z.string().min(1).max(1024).optional(),
  domains: z.array(domain).min(1).max(50),
  /** Whether somebody whom the relay doesn't know yet gets an account, as an operator, when they come from a listed domain. */
  createsAccounts: z.boolean(),
})
export const ssoReplySchema = z.object({
  provider: z
    .object({
      issuer: z.string(),
      clientId: z.string(),
      domains: z.array(z.string()),
      createsAccounts: z.boolean(),
      redirectUri: z.string(),
    })
    .nullable(),
  /** What the identity provider must allow as a redirect address, before it is set up here too. */
  redirectUri: z.string(),
})

/** GET /v1/operators, by name. `search` is part of a name or an address. */
export const operatorsQuerySchema = z.strictObject({
  ...pageQuery,
  search: displayLine(100).optional(),
  role: roleSchema.optional(),
})
export const operatorsReplySchema = z.object({
  operators: z
    .array(
      z.object({
        id: userIdSchema,
        name: displayLine(80),
        email: displayLine(254),
        role: roleSchema,
        totp: z.boolean(),
        passkeys: z.number().int(),
        /** Switched off: can't sign in, and has no rights meanwhile. */
        disabled: z.boolean(),
        createdAtMs: epochMs,
        lastSeenAtMs: epochMs.nullable(),
      }),
    )
    .max(200),
  ...pageReply,
})
/** PATCH /v1/operators/:userId */
export const operatorChangeBodySchema = z.strictObject({ role: roleSchema })
/** POST /v1/operators/:userId/password-reset and POST /v1/invitations: the link is in this reply and nowhere else. */
export const linkReplySchema = z.object({ token: secretText, expiresAtMs: epochMs })

/** POST /v1/invitations */
export const invitationBodySchema = z.strictObject({ email: emailSchema, role: roleSchema })
const invitationViewSchema = z.object({
  id: invitationIdSchema,
  email: displayLine(254),
  role: roleSchema,
  createdAtMs: epochMs,
  expiresAtMs: epochMs,
})
export const invitationReplySchema = linkReplySchema.extend({ invitation: invitationViewSchema })
export const invitationsReplySchema = z.object({ invitations: z.array(invitationViewSchema).max(200), ...pageReply })
/** POST /v1/invitations/accept. It signs nobody in. */
export const invitationAcceptBodySchema = z.strictObject({
  token: secretText,
  name: nonBlankLine(80),
  password: passwordSchema,
})

/** GET /v1/operator-sessions: where this person is signed in. DELETE ends one by its id, or all but this one. */
export const operatorSessionsReplySchema = z.object({
  operatorSessions: z
    .array(
      z.object({
        id: loginIdSchema,
        method: z.string().max(40),
        address: displayLine(64),
        client: displayLine(120),
        createdAtMs: epochMs,
        lastSeenAtMs: epochMs,
        expiresAtMs: epochMs,
        current: z.boolean(),
      }),
    )
    .max(200),
  ...pageReply,
})

/** POST /v1/api-keys. The key is in this reply and nowhere else; later only its prefix is shown. */
export const apiKeyBodySchema = z.strictObject({
  name: nonBlankLine(60),
  scopes: z.array(apiScopeSchema).min(1).max(20),
  expiresInDays: z.number().int().min(1).max(365),
})
const apiKeyViewSchema = z.object({
  id: apiKeyIdSchema,
  name: displayLine(60),
  prefix: z.string().max(16),
  scopes: z.array(apiScopeSchema),
  createdBy: displayLine(254),
  createdAtMs: epochMs,
  expiresAtMs: epochMs,
  lastUsedAtMs: epochMs.nullable(),
})
export const apiKeyReplySchema = z.object({ key: secretText, apiKey: apiKeyViewSchema })
export const apiKeysReplySchema = z.object({ apiKeys: z.array(apiKeyViewSchema).max(200), ...pageReply })

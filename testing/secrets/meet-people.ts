import { signInReplySchema } from '#protocol/http.ts'
import {
  apiKeyReplySchema,
  invitationReplySchema,
  linkReplySchema,
  recoveryCodesReplySchema,
  secondFactorNeededSchema,
  totpReplySchema,
} from '#protocol/identity-http.ts'
import { webhookReplySchema } from '#protocol/webhooks-http.ts'
import { totpCode } from '../authenticator-app.ts'
import { TestPolicy } from '../policy.ts'
import type { TestRelay } from '../relay.ts'
import type { SecretSearch } from './search.ts'

export interface People {
  readonly relay: TestRelay
  /** Who is signed in as the administrator. */
  readonly admin: string
  readonly search: SecretSearch
}

/** Everybody's ways in, each made and used, and every one of them made known. Returns the ids by which the API is asked about them. */
export async function meetPeople({ relay, admin, search }: People): Promise<Record<string, string>> {
  const policy = new TestPolicy(relay, admin)
  const bob = await relay.addOperator(admin, 'bob@example.org')
  search.know('password', bob.password)
  const signIn = await relay.signIn(bob)
  search.know('token of a sign-in', signIn)
  const asBob = new TestPolicy(relay, signIn)
  const { secret } = totpReplySchema.parse((await asBob.call('POST', '/v1/two-factor')).body)
  search.know('secret of an authenticator app', secret)
  const confirmed = await asBob.call('POST', '/v1/two-factor/confirm', { code: totpCode(secret, Date.now()) })
  const { recoveryCodes } = recoveryCodesReplySchema.parse(confirmed.body)
  for (const code of recoveryCodes) search.know('recovery code', code, code.replaceAll('-', ''))

  const { email, password } = bob
  const half = secondFactorNeededSchema.parse(
    (await relay.call('POST', '/v1/sign-in', { body: { email, password } })).body,
  )
  const { ticket } = half.secondFactor
  search.know('half a sign-in', ticket)
  const body = { ticket, recoveryCode: recoveryCodes[0] }
  const whole = await relay.call('POST', '/v1/sign-in/second-factor', { body })
  search.know('token of a sign-in', signInReplySchema.parse(whole.body).token)

  const wish = { name: 'Key', scopes: ['devices:read'], expiresInDays: 1 }
  const { key } = apiKeyReplySchema.parse((await policy.call('POST', '/v1/api-keys', wish)).body)
  search.know('API key', key)
  await new TestPolicy(relay, key).call('GET', '/v1/devices')

  const { body: link } = await policy.call('POST', `/v1/operators/${bob.user.id}/password-reset`)
  search.know('link for a password', linkReplySchema.parse(link).token)
  const invited = await policy.call('POST', '/v1/invitations', { email: 'eve@example.org', role: 'operator' })
  const { token } = invitationReplySchema.parse(invited.body)
  search.know('invitation', token)
  const account = { token, name: 'Eve', password: 'the password that Eve chose' }
  search.know('password', account.password)
  const accepted = await relay.call('POST', '/v1/invitations/accept', { body: account })
  if (accepted.status >= 300) throw new Error(`HTTP ${accepted.status}`)

  const settings = { url: 'https://example.org/hook', events: ['device.enrolled'], description: 'Hook' }
  const hook = webhookReplySchema.parse((await policy.call('POST', '/v1/webhooks', settings)).body)
  search.know('secret of a webhook', hook.secret)
  const clientSecret = 'what-the-identity-provider-gave'
  search.know('secret of an identity provider', clientSecret)
  const provider = { issuer: 'https://id.example.org', clientId: 'handhold', clientSecret, domains: ['example.com'] }
  // Nobody answers there, so the relay refuses it: a refusal repeats nothing of it either.
  await relay.call('PUT', '/v1/sso', { token: admin, body: { ...provider, createsAccounts: false } })
  return { userId: bob.user.id, webhookId: hook.webhook.id, groupId: await policy.rootId() }
}

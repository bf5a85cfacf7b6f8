import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
} from 'openid-client'
import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import type { IdentityClaims, OidcClient, OidcClientConfig } from '../domain/identity/identity-providers.ts'
import { fetchIssuer } from './issuer-fetch.ts'

const TIMEOUT_S = 10
/** How long ago the provider may have asked who it is: what step-up takes too. */
const ASKED_MAX_S = 300
/** What the provider's own clocks may differ. */
const LEEWAY_S = 30
const checksSchema = z.strictObject({ verifier: z.string(), nonce: z.string() })
const claimsSchema = z.object({
  sub: z.string().min(1).max(255),
  email: z.string().max(320).optional(),
  email_verified: z.boolean().optional(),
  name: z.string().max(1000).optional(),
  iat: z.number(),
  auth_time: z.number().optional(),
})

/** OpenID Connect by openid-client, which checks issuer, audience, signature, times, state, nonce and PKCE. `allowLoopback` is for tests. */
export function createOidcClient(allowLoopback: boolean): OidcClient {
  /** Asked for anew each time: signing in is rare, and a changed key or address counts at once. */
  async function connect({ issuer, clientId, clientSecret }: OidcClientConfig): Promise<Configuration> {
    try {
      return await discovery(new URL(issuer), clientId, clientSecret, undefined, {
        timeout: TIMEOUT_S,
        [customFetch]: (url, { method, headers, body }) =>
          fetchIssuer(new URL(url), { method, headers, ...(body != null && { body: String(body) }) }, allowLoopback),
        ...(allowLoopback && { execute: [allowInsecureRequests] }),
      })
    } catch (thrown) {
      throw new HandholdError('sso-unavailable', 'The identity provider did not answer as one. Check its address.', {
        cause: thrown,
      })
    }
  }
  return {
    async discover(config) {
      await connect(config)
    },
    async begin(config, state, email) {
      const client = await connect(config)
      const checks = { verifier: randomPKCECodeVerifier(), nonce: randomNonce() }
      const url = buildAuthorizationUrl(client, {
        redirect_uri: config.redirectUri,
        scope: 'openid email profile',
        code_challenge: await calculatePKCECodeChallenge(checks.verifier),
        code_challenge_method: 'S256',
        login_hint: email,
        // A browser that is signed in already would finish without its person noticing.
        prompt: 'login',
        // Whoever has that browser can strike it out; with this the provider says when it asked.
        max_age: String(ASKED_MAX_S),
        state,
        nonce: checks.nonce,
      })
      return { url: url.href, checks: JSON.stringify(checks) }
    },
    async finish(config, query, state, checksText): Promise<IdentityClaims> {
      const { verifier, nonce } = checksSchema.parse(JSON.parse(checksText))
      const client = await connect(config)
      const callback = new URL(config.redirectUri)
      callback.search = query.toString()
      const tokens = await authorizationCodeGrant(client, callback, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      })
      const claims = claimsSchema.parse(tokens.claims())
      // Some providers don't say it (docs/threat-model.md).
      if (claims.iat - (claims.auth_time ?? claims.iat) > ASKED_MAX_S + LEEWAY_S)
        throw new Error('The provider asked too long ago who it is, and not for this sign-in.')
      return {
        subject: claims.sub,
        email: claims.email ?? null,
        isEmailVerified: claims.email_verified ?? null,
        name: claims.name ?? null,
      }
    },
  }
}

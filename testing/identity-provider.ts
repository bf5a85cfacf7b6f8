/// <reference path="./oidc-provider.d.ts" />
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Grant } from 'oidc-provider'

export const OIDC_CLIENT = { id: 'handhold', secret: 'a client secret of the provider' }

export interface ProviderAccount {
  readonly sub: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
}

/** A real OpenID provider on loopback. Whoever comes is signed in as `account`, without questions. */
export class TestIdentityProvider {
  account: ProviderAccount = { sub: 'subject-1', email: 'eve@example.com', email_verified: true, name: 'Eve Example' }
  /** How long ago it says that it asked who somebody is. */
  askedAgoS = 0
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(redirectUri: () => string): Promise<TestIdentityProvider> {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const made = new TestIdentityProvider(server)
    made.#serve(redirectUri())
    return made
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Goes through the provider's pages as a browser would, with its cookies; returns where the provider sends it at the end. */
  async browse(url: string): Promise<string> {
    const cookies = new Map<string, string>()
    let next = url
    for (let hop = 0; hop < 12; hop++) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const reply = await fetch(next, { redirect: 'manual', headers: { cookie } })
      for (const line of reply.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        cookies.set(name, value)
      }
      const location = reply.headers.get('location')
      if (!location) throw new Error(`The provider answered ${reply.status}: ${(await reply.text()).slice(0, 500)}`)
      next = new URL(location, next).href
      if (!next.startsWith(this.issuer)) return next
    }
    throw new Error('The provider sent the browser in circles')
  }

  close(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise(resolve => this.#server.close(() => resolve()))
  }

  #askedAt(): number {
    return Math.floor(Date.now() / 1000) - this.askedAgoS
  }

  #serve(redirectUri: string): void {
    const provider: Provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: OIDC_CLIENT.id,
          client_secret: OIDC_CLIENT.secret,
          redirect_uris: [redirectUri],
          response_types: ['code'],
          grant_types: ['authorization_code'],
        },
      ],
      cookies: { keys: ['only for tests'] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      conformIdTokenClaims: false,
      features: { devInteractions: { enabled: false } },
      ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
      pkce: { required: () => true },
      interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ ...this.account, sub }) }),
      loadExistingGrant: async (context): Promise<Grant> => {
        const { client, session } = context.oidc
        const grant: Grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
        grant.addOIDCScope('openid email profile')
        await grant.save()
        return grant
      },
    })
    const answer = provider.callback()
    this.#server.on('request', (request, response) => {
      if (!request.url?.startsWith('/interaction/')) return void answer(request, response)
      provider
        .interactionFinished(request, response, { login: { accountId: this.account.sub, ts: this.#askedAt() } })
        .catch((error: unknown) => response.writeHead(500).end(String(error)))
    })
  }
}

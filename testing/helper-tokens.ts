import { randomBytes } from 'node:crypto'
import { idFromBytes } from '#protocol/ids.ts'
import { signProof } from '#protocol/proof.ts'
import { GRANT, type GrantClaims } from '#protocol/tools/grant.ts'
import { levelOf, TOOLS, type Tool, type ToolLevel } from '#protocol/tools/tools.ts'
import { LEASE } from '#protocol/trust/lease.ts'
import { signToken, type TokenKind } from '#protocol/trust/token.ts'
import type { HelperBegin } from '../agent/links/helper-link.ts'
import { makeTestKey, type TestKey } from './keys.ts'

/** What relay and operator sign for a helper, and what the service tells it to check that by. */
export class HelperTokens {
  readonly claims: GrantClaims
  readonly agentNonce = randomBytes(32).toString('base64url')
  readonly #level: ToolLevel
  readonly #relay: TestKey
  readonly #operator: TestKey

  private constructor(level: ToolLevel, relay: TestKey, operator: TestKey) {
    this.#level = level
    this.#relay = relay
    this.#operator = operator
    const nowS = Math.floor(Date.now() / 1000)
    this.claims = {
      iss: GRANT.issuer,
      aud: idFromBytes('device', randomBytes(16)),
      sub: 'user_12345678',
      label: 'Ada Admin <ada@example.org>',
      jti: 'grt_0123456789abcdef',
      iat: nowS,
      nbf: nowS,
      exp: nowS + 300,
      org: idFromBytes('organisation', randomBytes(16)),
      sid: idFromBytes('session', randomBytes(16)),
      tool: level === 'elevated' ? 'shell' : 'shell-user',
      cnf: { jkt: operator.thumbprint },
    }
  }

  static async create(level: ToolLevel = 'elevated'): Promise<HelperTokens> {
    return new HelperTokens(level, await makeTestKey(), await makeTestKey())
  }

  grant(change: Partial<GrantClaims> = {}, key = this.#relay): Promise<string> {
    return signToken(GRANT, { ...this.claims, ...change }, 'relay', key.privateKey)
  }

  proof(grantId = this.claims.jti, key = this.#operator): Promise<string> {
    const claims = { sessionId: this.claims.sid, agentNonce: this.agentNonce, grantId }
    return signProof('grant', claims, key.privateKey, key.publicKey)
  }

  lease(scopes: readonly string[] = ['view', 'control', ...TOOLS]): Promise<string> {
    const { aud, sub, org, sid } = this.claims
    const iat = Math.floor(Date.now() / 1000)
    return this.sign(LEASE, {
      ...{ iss: LEASE.issuer, aud, sub, org, sid, scopes },
      ...{ nonce: this.agentNonce, iat, exp: iat + 45 },
    })
  }

  /** By the relay's key. */
  sign(kind: TokenKind, claims: object): Promise<string> {
    return signToken(kind, claims, 'relay', this.#relay.privateKey)
  }

  begin(tools: readonly Tool[] = TOOLS.filter(tool => levelOf(tool) === this.#level)): HelperBegin {
    const { aud: deviceId, sid: sessionId, sub: operatorId } = this.claims
    return {
      ...{ type: 'begin', level: this.#level, sessionId, deviceId, operatorId },
      operatorKeyThumbprint: this.#operator.thumbprint,
      agentNonce: this.agentNonce,
      passKeys: [{ ...this.#relay.publicKey, kid: 'relay' }],
      tools: [...tools],
    }
  }
}

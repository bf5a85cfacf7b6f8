import type { ApiScope } from '#protocol/api-scopes.ts'
import { HandholdError } from '#protocol/errors.ts'
import { userActor } from '../audit.ts'
import { type Chance, newId } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Principal } from '../principal.ts'
import type { LoginRecord, Store } from '../store.ts'
import type { EndSessions } from './logins.ts'
import type { ApiKeyRecord } from './store.ts'

export const API_KEY_PREFIX = 'hhk_'
const KEY_BYTES = 32
const SHOWN_CHARACTERS = 8
const DAY_MS = 24 * 60 * 60_000
/** When it was used is written at most this often. */
const USED_EVERY_MS = 60_000

export interface ApiKeysParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly endSessions: EndSessions
}

/** Keys for programs. A key acts for the person who made it, within its scopes and never with more than they may themselves. */
export class ApiKeys {
  readonly #parts: ApiKeysParts

  constructor(parts: ApiKeysParts) {
    this.#parts = parts
  }

  /** The key's text is in this answer and nowhere else. */
  async create(
    { user, organisation }: Principal,
    { name, scopes, expiresInDays }: { name: string; scopes: ApiScope[]; expiresInDays: number },
  ): Promise<{ key: string; apiKey: ApiKeyRecord }> {
    const { store, clock, chance } = this.#parts
    const key = `${API_KEY_PREFIX}${chance.randomText(KEY_BYTES)}`
    const createdAtMs = clock.nowMs()
    const record = {
      id: newId('apiKey', chance),
      organisationId: organisation.id,
      name,
      prefix: key.slice(0, API_KEY_PREFIX.length + SHOWN_CHARACTERS),
      scopes: [...new Set(scopes)],
      createdAtMs,
      expiresAtMs: createdAtMs + expiresInDays * DAY_MS,
    }
    await store.write(async tx => {
      await tx.identity.insertApiKey({ ...record, keyHash: chance.sha256(key), userId: user.id })
      await tx.audit({
        organisationId: organisation.id,
        atMs: createdAtMs,
        actor: userActor(user),
        action: 'api-key.created',
        subject: record.id,
        detail: { name, scopes: record.scopes, prefix: record.prefix, expiresAtMs: record.expiresAtMs },
      })
    })
    return { key, apiKey: { ...record, createdBy: user.email, lastUsedAtMs: null } }
  }

  list({ organisation }: Principal): Promise<ApiKeyRecord[]> {
    return this.#parts.store.read.identity.apiKeys(organisation.id, this.#parts.clock.nowMs())
  }

  /** What was asked for with it ends, unless somebody who is signed in has joined it. Throws `not-found`. */
  async revoke({ user, organisation }: Principal, apiKeyId: string): Promise<void> {
    const { store, clock, endSessions } = this.#parts
    const keyHash = await store.write(async tx => {
      const atMs = clock.nowMs()
      const hash = await tx.identity.revokeApiKey(apiKeyId, organisation.id, atMs)
      if (hash === undefined) throw new HandholdError('not-found', 'There is no such key. Refresh the list.')
      const entry = { organisationId: organisation.id, atMs, actor: userActor(user) }
      await tx.audit({ ...entry, action: 'api-key.revoked', subject: apiKeyId, detail: {} })
      return hash
    })
    await endSessions([keyHash], 'policy-revoked')
  }

  /** Who the key acts for, and its scopes. Throws `unauthenticated`. */
  async authenticate(key: string): Promise<{ login: LoginRecord; scopes: readonly ApiScope[] }> {
    const { store, clock, chance } = this.#parts
    const keyHash = chance.sha256(key)
    const nowMs = clock.nowMs()
    const found = await store.read.identity.apiKey(keyHash, nowMs)
    if (!found) throw new HandholdError('unauthenticated', 'This API key is unknown, revoked or expired.')
    if (nowMs - (found.lastUsedAtMs ?? 0) >= USED_EVERY_MS)
      await store.write(tx => tx.identity.setApiKeyUsed(found.id, nowMs))
    const { id, principal, createdAtMs, expiresAtMs, scopes } = found
    // A key never stepped up: its proof is as old as can be.
    return { login: { id, principal, tokenHash: keyHash, createdAtMs, authenticatedAtMs: 0, expiresAtMs }, scopes }
  }
}

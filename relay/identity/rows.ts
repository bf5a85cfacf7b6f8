import { userActor } from '../domain/audit.ts'
import type { Chance } from '../domain/chance.ts'
import type { Clock } from '../domain/clock.ts'
import { SIGN_IN_IDLE_MS } from '../domain/identity/sign-in.ts'
import type { SqliteStore } from '../store/store.ts'
import type { IdentityRows } from './adapter.ts'

/** The identity library's rows in the relay's database. A sign-in and its audit row are one transaction; its token is kept as a hash. */
export const identityRows = (store: SqliteStore, clock: Clock, chance: Chance): IdentityRows => ({
  accountByEmail: email => store.account({ email }),
  accountByUserId: userId => store.account({ userId }),
  addLogin: async (userId, token) => {
    const tokenHash = chance.sha256(token)
    const createdAtMs = clock.nowMs()
    await store.write(async tx => {
      await tx.insertLogin({ tokenHash, userId, createdAtMs, expiresAtMs: createdAtMs + SIGN_IN_IDLE_MS })
      const login = await tx.login(tokenHash)
      if (!login) throw new Error('A sign-in was written and is not there')
      const { user, organisation } = login.principal
      await tx.audit({
        organisationId: organisation.id,
        atMs: createdAtMs,
        actor: userActor(user),
        action: 'user.signed-in',
        subject: userId,
        detail: {},
      })
    })
  },
})

import { APIError } from 'better-auth/api'
import { hashPassword } from 'better-auth/crypto'
import { betterAuth } from 'better-auth/minimal'
import type { CredentialCheck } from '../domain/identity/sign-in.ts'
import { type IdentityRows, identityAdapter } from './adapter.ts'
import { Gate } from './gate.ts'

/** scrypt takes 16 MiB and a thread each; more at once would slow every other answer down. */
const HASHES_AT_ONCE = 2
const HASHES_WAITING = 64

export interface Credentials extends CredentialCheck {
  /** scrypt with its salt, as text. */
  hashPassword(password: string): Promise<string>
}

/** Email and password through better-auth, without its HTTP router, cookies or sign-up. `secret` is for this process only. */
export function createCredentials(rows: IdentityRows, secret: string): Credentials {
  const gate = new Gate(HASHES_AT_ONCE, HASHES_WAITING)
  const auth = betterAuth({
    // Never requested: better-auth is called, not served.
    baseURL: 'http://localhost',
    secret,
    database: identityAdapter(rows),
    emailAndPassword: { enabled: true, disableSignUp: true, maxPasswordLength: 1024 },
    logger: { disabled: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
  })
  return {
    hashPassword: password => gate.run(() => hashPassword(password)),
    verify: (email, password) =>
      gate.run(async () => {
        try {
          return (await auth.api.signInEmail({ body: { email, password } })).user.id
        } catch (thrown) {
          if (thrown instanceof APIError && thrown.statusCode < 500) return null
          throw thrown
        }
      }),
  }
}

import { APIError } from 'better-auth/api'
import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { betterAuth } from 'better-auth/minimal'
import type { CredentialCheck } from '../domain/identity/sign-in.ts'
import { type IdentityRows, identityAdapter } from './adapter.ts'
import { Gate } from './gate.ts'

/** scrypt takes 16 MiB and a thread each; more at once would slow every other answer down. */
const HASHES_AT_ONCE = 2
const HASHES_WAITING = 64

/** How passwords are hashed and compared. */
export interface PasswordHashing {
  /** scrypt with its salt, as text. */
  hash(password: string): Promise<string>
  verify(given: { readonly hash: string; readonly password: string }): Promise<boolean>
}

export const SCRYPT: PasswordHashing = { hash: hashPassword, verify: verifyPassword }

export interface Credentials extends CredentialCheck {
  hashPassword(password: string): Promise<string>
}

/** Email and password through better-auth, without its HTTP router, cookies or sign-up. `secret` is for this process only. */
export function createCredentials(rows: IdentityRows, secret: string, hashing: PasswordHashing): Credentials {
  const gate = new Gate(HASHES_AT_ONCE, HASHES_WAITING)
  const auth = betterAuth({
    // Never requested: better-auth is called, not served.
    baseURL: 'http://localhost',
    secret,
    database: identityAdapter(rows),
    emailAndPassword: { enabled: true, disableSignUp: true, maxPasswordLength: 1024, password: hashing },
    logger: { disabled: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
  })
  return {
    hashPassword: password => gate.run(() => hashing.hash(password)),
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

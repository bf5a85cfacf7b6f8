import { base32 } from '@better-auth/utils/base32'
import { createOTP } from '@better-auth/utils/otp'
import type { Chance } from '../domain/chance.ts'
import type { TimeCodes } from '../domain/identity/two-factor.ts'

/** 24 random bytes as text: the text's 32 characters are the key, which is what better-auth's codes take. */
const SECRET_BYTES = 24

/** Authenticator app codes with better-auth's implementation, which is told the time step: the relay's clock decides, and a step is spent once. */
export const createTimeCodes = (chance: Chance): TimeCodes => ({
  newSecret: () => chance.randomText(SECRET_BYTES),
  codeAt: (secret, step) => createOTP(secret).hotp(step),
  describe: (secret, account) => ({
    secret: base32.encode(secret, { padding: false }),
    uri: createOTP(secret).url('Handhold', account),
  }),
})

import { argon2idAsync } from '@noble/hashes/argon2.js'
import { PASSWORD_ARGON2 } from '#protocol/unattended/password-key.ts'

/** Longest that the window's own work waits for a slice of the derivation. */
const SLICE_MS = 20

/** The key of a one-time password. In JavaScript, because Electron's Node is built without Argon2. */
export const passwordKeyOf = (password: string, salt: Uint8Array): Promise<Uint8Array> =>
  argon2idAsync(password, salt, {
    m: PASSWORD_ARGON2.memoryKiB,
    t: PASSWORD_ARGON2.passes,
    p: PASSWORD_ARGON2.lanes,
    dkLen: PASSWORD_ARGON2.keyBytes,
    asyncTick: SLICE_MS,
  })

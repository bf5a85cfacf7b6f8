/** Argon2id as OWASP's password storage cheat sheet has it (19 MiB, two passes); both sides derive the same key. */
export const PASSWORD_ARGON2 = { memoryKiB: 19_456, passes: 2, lanes: 1, keyBytes: 32 } as const
export const SALT_BYTES = 16

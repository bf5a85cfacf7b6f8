import type { Ed25519PublicJwk } from '#protocol/keys.ts'

/** What the questions are about: one of each kind, in one organisation. Nothing checks how these look behind the store. */
export const ORGANISATION = `org_${'1'.repeat(26)}`
export const OTHER = `org_${'2'.repeat(26)}`
export const ROOT = `grp_${'1'.repeat(26)}`
export const GROUP = 'grp_near'
export const USER = `usr_${'1'.repeat(26)}`
export const DEVICE = `dev_${'1'.repeat(26)}`
export const SESSION = `ses_${'1'.repeat(26)}`
export const KEY: Ed25519PublicJwk = { kty: 'OKP', crv: 'Ed25519', x: `${'x'.repeat(42)}A` }
export const NOW_MS = 1e12

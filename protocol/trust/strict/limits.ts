const DAY_MS = 24 * 60 * 60_000

/** Nobody is certified for longer: what was revoked can be forgotten after that time. */
export const CERTIFICATE_LIFE_MAX_MS = 90 * DAY_MS
/** A device without a newer order takes no session after that time, so that nobody can hide a revocation from it for longer. */
export const ORDER_LIFE_MAX_MS = 90 * DAY_MS
/** With that many an order still fits into one frame of a socket. */
export const REVOKED_MAX = 100
/** Hand-overs that one device may have missed, and the newest order. */
export const ORDERS_MAX = 20
/** A session that begins has at least that long. */
export const CERTIFICATE_LEFT_MIN_MS = 60_000

/** The servers here count the same milliseconds as we do, and the 32 lowest bits of them stand in an event. */
const CYCLE_MS = 2 ** 32
/** What is said to be older came by another clock: of a server elsewhere. */
const BELIEVED_MS = 2_000
/** No key that came by another clock is on its way for longer. */
const UNKNOWN_MS = 500

/** How long ago something happened that an X server gives this time. */
export function agoMs(
  serverMs: number | undefined,
  monotonicMs = Number(process.hrtime.bigint() / 1_000_000n),
): number {
  if (serverMs === undefined) return UNKNOWN_MS
  const passedMs = (((monotonicMs - serverMs) % CYCLE_MS) + CYCLE_MS) % CYCLE_MS
  // The server's clock may be that much coarser than ours.
  if (CYCLE_MS - passedMs < 20) return 0
  return passedMs <= BELIEVED_MS ? passedMs : UNKNOWN_MS
}

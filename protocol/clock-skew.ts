/** Passes have a leeway of 30 s; clocks that are a minute apart are for somebody to set. */
const SKEW_TOLD_MS = 60_000

/**
 * What to tell people where this computer's clock and the relay's are more than a minute apart; undefined where they aren't. It is told and nothing else:
 * no leeway gets wider.
 */
export function clockSkewWords(relayMs: number, ownMs: number): string | undefined {
  const skewMs = ownMs - relayMs
  if (Math.abs(skewMs) <= SKEW_TOLD_MS) return undefined
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  const direction = skewMs > 0 ? 'ahead of' : 'behind'
  return `The clock of this computer is ${seconds} s ${direction} the relay’s. Access passes are refused while they are more than 30 s apart: set the clock that is wrong, best by NTP.`
}

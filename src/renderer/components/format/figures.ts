/** `–` for what isn't known. */
export const NOTHING = '–'

export const millisecondsText = (value: number | undefined): string =>
  value === undefined ? NOTHING : value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`

/** Milliseconds while they tell something, else the units in which people say "ago". */
export function ageText(value: number | undefined): string {
  if (value === undefined) return NOTHING
  if (value < 1_000) return `${Math.round(value)} ms`
  if (value < 60_000) return `${Math.floor(value / 1_000)} s`
  return `${Math.floor(value / 60_000)} min`
}

export const rateText = (value: number | undefined): string => (value === undefined ? NOTHING : value.toFixed(0))

export function bitrateText(bitsPerSecond: number | undefined): string {
  if (bitsPerSecond === undefined) return NOTHING
  if (bitsPerSecond < 1_000_000) return `${Math.round(bitsPerSecond / 1_000)} kbit/s`
  return `${(bitsPerSecond / 1_000_000).toFixed(1)} Mbit/s`
}

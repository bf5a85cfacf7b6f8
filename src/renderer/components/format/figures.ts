/** `–` for what isn't known. */
export const NOTHING = '–'

export const millisecondsText = (value: number | undefined): string =>
  value === undefined ? NOTHING : value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`

export const rateText = (value: number | undefined): string => (value === undefined ? NOTHING : value.toFixed(0))

export function bitrateText(bitsPerSecond: number | undefined): string {
  if (bitsPerSecond === undefined) return NOTHING
  if (bitsPerSecond < 1_000_000) return `${Math.round(bitsPerSecond / 1_000)} kbit/s`
  return `${(bitsPerSecond / 1_000_000).toFixed(1)} Mbit/s`
}

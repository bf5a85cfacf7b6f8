/** The ratio of WCAG 2, 1 to 21, of two colours as `#rrggbb` or `rgb(r, g, b)`. */
export function contrast(a: string, b: string): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(colour).map(channel => {
    const part = channel / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function channelsOf(colour: string): number[] {
  if (colour.startsWith('#')) return [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16))
  return (colour.match(/\d+/g) ?? []).slice(0, 3).map(Number)
}

/** A cursor image: B, G, R, A premultiplied becomes R, G, B, A as it was before. */
export function rgbaFromPremultipliedBgra(bgra: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(bgra.length)
  for (let at = 0; at + 3 < bgra.length; at += 4) {
    const alpha = bgra[at + 3] as number
    const restore = (value: number) => (alpha === 0 ? 0 : Math.min(Math.round((value * 255) / alpha), 255))
    rgba[at] = restore(bgra[at + 2] as number)
    rgba[at + 1] = restore(bgra[at + 1] as number)
    rgba[at + 2] = restore(bgra[at] as number)
    rgba[at + 3] = alpha
  }
  return rgba
}

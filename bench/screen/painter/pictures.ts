/** A line of short words, as long as an X text request may be. */
export function textLine(random: () => number): string {
  let line = ''
  while (line.length < 244) line += ` ${random().toString(36).slice(2, 7)}`
  return line.slice(0, 250)
}

const TABLE = 1024

/** B, G, R, x pixels of a picture with smooth light, soft edges and grain, as a camera makes it; `phase` (0–1) moves it. */
export function photograph(width: number, height: number, phase: number, random: () => number): Buffer {
  const wave = Float32Array.from({ length: TABLE }, (_, at) => Math.sin((at / TABLE) * 2 * Math.PI))
  const grain = Float32Array.from({ length: 8191 }, () => (random() - 0.5) * 14)
  const pixels = Buffer.alloc(width * height * 4)
  const shift = Math.round(phase * TABLE)
  const waveAt = (position: number) => wave[(position + 64 * TABLE) & (TABLE - 1)] ?? 0
  const grainStart = Math.floor(random() * 8191)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4
      const bend = Math.round(60 * waveAt(y + shift))
      const light = 128 + 50 * waveAt(((x + bend) >> 1) + shift) + 40 * waveAt((y * 2 - x) >> 1)
      const noise = grain[(x + y * width + grainStart) % 8191] ?? 0
      pixels[at] = clamp(light * 0.8 + 30 * waveAt(x + y) + noise)
      pixels[at + 1] = clamp(light + noise)
      pixels[at + 2] = clamp(light * 0.9 + 35 * waveAt(y - shift * 2) + noise)
    }
  return pixels
}

const clamp = (value: number) => Math.max(0, Math.min(255, value))

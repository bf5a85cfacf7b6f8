import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export type Colour = readonly [red: number, green: number, blue: number]

const tokens = readFileSync(fileURLToPath(new URL('../../src/renderer/styles/tokens.css', import.meta.url)), 'utf8')

/** A colour of the light theme, by the name of its token. */
function tokenColour(name: string): Colour {
  const hex = new RegExp(`--${name}: #([0-9a-f]{6});`).exec(tokens)?.[1]
  if (!hex) throw new Error(`tokens.css has no colour ${name}`)
  const value = Number.parseInt(hex, 16)
  return [value >> 16, (value >> 8) & 0xff, value & 0xff]
}

/** "Yes" and the bar of the time that is left. */
export const ACCENT = tokenColour('accent')
/** The border of the quieter buttons. */
export const LINE = tokenColour('line-strong')
/** The banner's border while the session is paused. */
export const WARN = tokenColour('warn-text')
/** "End". */
export const DANGER = tokenColour('danger')

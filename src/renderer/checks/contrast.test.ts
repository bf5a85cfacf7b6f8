import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const css = readFileSync(fileURLToPath(new URL('../styles/tokens.css', import.meta.url)), 'utf8')
const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)')

function colours(text: string): Map<string, string> {
  return new Map([...text.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]))
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (lighter + 0.05) / (darker + 0.05)
}

const SURFACES = ['bg', 'surface', 'raised', 'hover']
const TEXT: [string, string[]][] = [
  ['text', [...SURFACES, 'accent-soft']],
  ['muted', [...SURFACES, 'accent-soft']],
  ['accent-text', [...SURFACES, 'accent-soft']],
  ['ok-text', [...SURFACES, 'ok-soft', 'accent-soft']],
  ['warn-text', ['surface', 'warn-soft']],
  ['danger-text', ['surface', 'danger-soft']],
  ['on-accent', ['accent', 'accent-hover']],
  ['on-danger', ['danger', 'danger-hover']],
  ['on-stage', ['stage']],
]
const OUTLINES: [string, string[]][] = [
  ['line-strong', ['bg', 'surface', 'raised']],
  ['accent', SURFACES],
]

test.each([
  ['light', colours(light)],
  ['dark', colours(dark)],
])('the %s theme can be read', (_, theme) => {
  const weak: string[] = []
  const check = (pairs: [string, string[]][], least: number) => {
    for (const [front, backs] of pairs) {
      for (const back of backs) {
        const ratio = contrast(theme.get(front) ?? '', theme.get(back) ?? '')
        if (!(ratio >= least)) weak.push(`${front} on ${back}: ${ratio.toFixed(2)}`)
      }
    }
  }
  check(TEXT, 4.5)
  check(OUTLINES, 3)
  expect(weak).toEqual([])
})

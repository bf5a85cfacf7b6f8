import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { contrast } from './contrast.ts'

const css = readFileSync(fileURLToPath(new URL('../styles/tokens.css', import.meta.url)), 'utf8')
const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)')

function colours(text: string): Map<string, string> {
  return new Map([...text.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]))
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

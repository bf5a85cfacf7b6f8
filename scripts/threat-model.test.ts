import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const FOLDERS = '{protocol,src,relay,agent,testing,bench,scripts,e2e}'
const files = globSync(`${FOLDERS}/**/*.{ts,tsx}`, { cwd: root })
const text = readFileSync(`${root}docs/threat-model.md`, 'utf8')

/** Its rows of three columns: the cases, the defence, and where that is shown. */
const rows = (text.split('## Defended, with the test')[1] ?? '')
  .split('\n## ')[0]
  ?.split('\n')
  .map(line => line.split(' | '))
  .filter(cells => cells.length === 3)
  .slice(1)
  .map(([cases = '', , where = '']) => ({
    cases,
    places: [...where.matchAll(/`([^`]+)`/g)].map(named => named[1] ?? ''),
  }))

/** A file, by its name where that is enough, or everything in a folder. */
const filesAt = (place: string) => files.filter(file => `/${file}`.includes(`/${place}`))
const isTest = (file: string) => /\.(test|spec)\.tsx?$/.test(file)
const isBench = (place: string) => place.startsWith('npm run bench -- ')

describe('the threat model', () => {
  it('has rows', () => expect(rows?.length).toBeGreaterThan(80))

  it.each(rows ?? [])(
    '$cases: says where it is shown, by tests that exist and carry its numbers',
    ({ cases, places }) => {
      const named = places.filter(place => !isBench(place))
      expect(named.filter(place => filesAt(place).length === 0)).toEqual([])
      const tests = named.flatMap(filesAt).filter(isTest)
      expect(tests.length + places.filter(isBench).length).toBeGreaterThan(0)
      const texts = tests.map(test => readFileSync(`${root}${test}`, 'utf8'))
      const numbers = cases.match(/\bA\d+\b/g) ?? []
      expect(numbers.filter(number => !texts.some(said => new RegExp(`\\b${number}\\b`).test(said)))).toEqual([])
    },
  )
})

import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const FOLDERS = '{protocol,reach,src,relay,agent,testing,bench,scripts,e2e}'
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

/** The numbers of the attack list. */
const CASES =
  `1 2 4 5 7 8 10 11 13 14 16 17 19 20 22 23 25 26 28 29 31 32 34 35 37 38 40 41 43 44 45 47 48 50 52 53 55 56 57 59 61 62 64 65 66 67 68 70 72 73 74 76
  77 79 80 82 83 85 86 88 89 91 92 94 95 97 98 100 101 103 104 107 108 109 110 112 113 115 116 118 119 120 122 123 125 127 128 130 131 133 134 136 137 138 140 142
  143 145 146 148 149 151 152 154 155 157 158 160 162 164 166 167`.split(/\s+/)

/** A file, by its name where that is enough, or everything in a folder. */
const filesAt = (place: string) => files.filter(file => `/${file}`.includes(`/${place}`))
const isTest = (file: string) => /\.(test|spec)\.tsx?$/.test(file)
const isBench = (place: string) => place.startsWith('npm run bench -- ')

describe('the threat model', () => {
  it('says of every case of the attack list how it is met, or why it is not', () => {
    expect(CASES.filter(number => !new RegExp(`\\bA${number}\\b`).test(text))).toEqual([])
  })

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

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf16 } from '#protocol/tools/registry-values.ts'
import { parseRegFile, type RegSection } from './parse.ts'
import { decodeRegFile, encodeRegFile, writeRegFile } from './write.ts'

const HEADER = 'Windows Registry Editor Version 5.00\r\n\r\n'
const KEY = 'HKEY_CURRENT_USER\\Software\\Example'
const plain = (bytes: Uint8Array | undefined) => (bytes ? [...bytes] : undefined)
const readOne = (line: string) => {
  const { sections, problems } = parseRegFile(`${HEADER}[${KEY}]\r\n${line}\r\n`)
  const value = sections[0]?.values[0]
  return { name: value?.name, type: value?.data?.type, bytes: plain(value?.data?.bytes), problems }
}

const sections = fc.array(
  fc.record({
    path: fc.stringMatching(/^[ -Z^-~äß漢\]-]{1,20}$/).map(name => `${KEY}\\${name}`),
    isDeleted: fc.constant(false),
    values: fc.array(
      fc.record({
        name: fc.string({ maxLength: 12, unit: 'binary' }).filter(name => !name.includes('\0')),
        data: fc.option(
          fc.record({
            type: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
            bytes: fc.oneof(
              fc.uint8Array({ maxLength: 120 }),
              fc.string().map(text => utf16(`${text}\0`)),
            ),
          }),
        ),
      }),
      { maxLength: 6 },
    ),
  }),
  { maxLength: 6 },
)

describe('a .reg file', () => {
  it('is what was written, for values of every type and name', () => {
    fc.assert(
      fc.property(sections, made => {
        const read = parseRegFile(decodeRegFile(encodeRegFile(writeRegFile(made))))
        expect(read.problems).toEqual([])
        expect(read.sections).toEqual(made)
      }),
      { numRuns: 400 },
    )
  })

  it('is read as regedit and Wine write it', () => {
    expect(readOne('"a"="text \\\\ \\"quoted\\""')).toMatchObject({ name: 'a', type: 1 })
    expect(readOne('@=dword:0000002a')).toMatchObject({ name: '', type: 4, bytes: [42, 0, 0, 0] })
    expect(readOne('"q"=hex(b):01,02,03,04,05,06,07,08')).toMatchObject({ type: 11 })
    expect(readOne('"m"=hex(7):61,00,00,00,\\\r\n  00,00')).toMatchObject({ type: 7, bytes: [0x61, 0, 0, 0, 0, 0] })
    expect(readOne('"e"=hex(2):\\\r\n  25,00 ; a comment')).toMatchObject({ type: 2, bytes: [0x25, 0] })
    expect(readOne('"b"=hex:')).toMatchObject({ type: 3, bytes: [] })
    expect(readOne('"n"=hex(ffffffff):00')).toMatchObject({ type: 0xffffffff })
    expect(readOne('"over\r\nlines"="two\r\nlines"')).toMatchObject({ name: 'over\r\nlines', problems: [] })
    expect(readOne('"gone"=-')).toMatchObject({ name: 'gone', problems: [] })
    expect(parseRegFile(`${HEADER}[-${KEY}]\n`).sections).toEqual([{ path: KEY, isDeleted: true, values: [] }])
  })

  it('is read in UTF-8, and of the old kind with the old code page', () => {
    const old = Buffer.from(`REGEDIT4\r\n\r\n[${KEY}]\r\n"a"="caf\u00e9"\r\n"e"=hex(2):e9,00\r\n`, 'latin1')
    const [section] = parseRegFile(decodeRegFile(old)).sections
    expect(plain(section?.values[0]?.data?.bytes)).toEqual([...utf16('café\0')])
    expect(plain(section?.values[1]?.data?.bytes)).toEqual([...utf16('é\0')])
    expect(decodeRegFile(Buffer.from(`\uFEFF${HEADER}`))).toContain('Windows')
  })

  it('tells each line that it can’t read, by its number, and takes nothing of it', () => {
    const lines = [
      'nonsense',
      `[${KEY}`,
      '"in no key"="x"',
      `[${KEY}]`,
      '"a" "b"',
      '"b"=word:1',
      '"c"=hex:1g',
      '"d"=hex:00,,01',
      '"e"=dword:123456789',
      '"f"="x" more',
      '"g"=hex:00,\\',
      '  [HKEY_LOCAL_MACHINE\\Evil]',
      '"h"="kept"',
      '"i"="no end',
    ]
    const { sections: read, problems } = parseRegFile(HEADER + lines.join('\r\n'))
    expect(problems.map(({ line }) => line)).toEqual([3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 16])
    expect(read.map(({ path }) => path)).toEqual([KEY])
    expect(read[0]?.values.map(({ name }) => name)).toEqual(['h'])
  })

  it('has a header or is none', () => {
    for (const text of ['', 'x', '[HKEY_CURRENT_USER\\A]\r\n', 'REGEDIT5\r\n[HKEY_CURRENT_USER\\A]'])
      expect(parseRegFile(text)).toMatchObject({ sections: [], problems: [{ line: 1 }] })
  })

  it('A83 that is hostile costs no more than its length: 10^5 mutated files, and megabytes of quotes and brackets', () => {
    const seed = Buffer.from(writeRegFile([{ path: KEY, isDeleted: false, values: [value('a', 1), value('b', 7)] }]))
    const changes = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 6 })
    for (const change of fc.sample(changes, { numRuns: 100_000, seed: 8 })) {
      const bytes = Buffer.from(seed)
      for (const [at, byte] of change) bytes[at % bytes.length] = byte
      expect(parseRegFile(decodeRegFile(bytes)).sections.length).toBeLessThan(4)
    }
    for (const line of ['"\n', '"\\"\n', '[\n', '"a"=hex:00,\\\n', '"a"="\n', '"a"=hex:\\', '\\\n'])
      expect(parseRegFile(HEADER + line.repeat(200_000)).problems.length).toBeLessThanOrEqual(20)
  }, 60_000)

  it('can’t hold a key whose name would end its line', () => {
    const evil: RegSection = { path: `${KEY}\\x]\r\n[HKEY_LOCAL_MACHINE\\Evil`, isDeleted: false, values: [] }
    expect(() => writeRegFile([evil])).toThrow('characters')
  })
})

function value(name: string, type: number) {
  return { name, data: { type, bytes: utf16('some text\0') } }
}

import { describe, expect, it } from 'vitest'
import { openingOf } from './openings.ts'

const PASS_ID = `pas_${'7k2m'.repeat(6)}7k`
const LINK = `handhold://pass/${PASS_ID}`
const open = (...args: string[]) => openingOf(args, '/home/ada/Downloads')
const refused = expect.objectContaining({ code: 'bad-request' })

describe('what a start asks to open', () => {
  it('is a link with an opaque id, or a file', () => {
    expect(open(LINK)).toEqual({ kind: 'link', passId: PASS_ID })
    expect(open(`${LINK}/`)).toEqual({ kind: 'link', passId: PASS_ID })
    expect(open('/tmp/a.handhold')).toEqual({ kind: 'file', path: '/tmp/a.handhold' })
    expect(open('access.handhold')).toEqual({ kind: 'file', path: '/home/ada/Downloads/access.handhold' })
    expect(open('file:///tmp/an%20access.HANDHOLD')).toEqual({ kind: 'file', path: '/tmp/an access.HANDHOLD' })
  })

  it('is nothing where there is neither', () => {
    for (const args of [[], ['/opt/handhold/handhold'], ['--no-sandbox', '.'], ['https://evil.example/'], ['']])
      expect(openingOf(args, '/')).toBeUndefined()
  })

  it('A108 takes no switch, no address, no token, no setting and no second thing along with a link', () => {
    const switches = ['--inspect', '--no-sandbox', '--', '--gpu-launcher=/tmp/x', '--load-extension=/tmp/x.handhold']
    expect(open(...switches, LINK)).toEqual({ kind: 'link', passId: PASS_ID })
    expect(Object.keys(open(...switches, LINK) ?? {})).toEqual(['kind', 'passId'])
    expect(() => open(LINK, LINK)).toThrow(refused)
    expect(() => open(LINK, '/tmp/a.handhold')).toThrow(refused)
  })

  it('A109 a flood of arguments of a second start is one refusal', () => {
    expect(() => open(...Array.from({ length: 100_000 }, (_, index) => `${LINK}${index}`))).toThrow(refused)
    expect(open(...Array.from({ length: 100_000 }, (_, index) => `--switch-${index}=${LINK}`))).toBeUndefined()
  })

  it.each([
    `${LINK}?relay=https://evil.example`,
    `${LINK}#token`,
    `${LINK}%00`,
    `${LINK}/../..`,
    `${LINK}//`,
    `handhold://evil.example@pass/${PASS_ID}`,
    `handhold://pass:443/${PASS_ID}`,
    `handhold:pass/${PASS_ID}`,
    `HANDHOLD://pass/${PASS_ID}`,
    `handhold://pass/${PASS_ID.toUpperCase()}`,
    `handhold://pass/ses_${PASS_ID.slice(4)}`,
    'handhold://pass/',
    'handhold://settings?relay=https://evil.example',
    'handhold:file:///etc/passwd.handhold',
    `handhold://pass/${PASS_ID}\n--inspect`,
    `handhold://pass/${'7'.repeat(65_536)}`,
    'handhold:javascript:alert(1)',
  ])('A108 refuses the link %.90s', link => {
    expect(() => open(link)).toThrow(refused)
  })

  it.each([
    '\\\\evil.example\\share\\a.handhold',
    '//evil.example/share/a.handhold',
    'file://evil.example/share/a.handhold',
    'file:////evil.example/share/a.handhold',
    'file:///tmp/%00/a.handhold',
    'file:///tmp/a%2Fb.handhold',
    'https://evil.example/a.handhold',
    'smb://evil.example/a.handhold',
    'data:application/json,{}.handhold',
    'C:\\a.txt:b.handhold',
    '/tmp/a\nb.handhold',
    `/${'a'.repeat(5_000)}.handhold`,
  ])('A91 A108 refuses the file %.90s', path => {
    expect(() => open(path)).toThrow(refused)
  })
})

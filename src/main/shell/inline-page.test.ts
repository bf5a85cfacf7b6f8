import { createHash, randomBytes } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { inlinePage, pageDataUrl } from './inline-page.ts'

const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <script type="module" crossorigin src="./assets/a.js"></script>
    <link rel="stylesheet" crossorigin href="./assets/a.css">
  </head>
  <body><main id="root"></main></body>
</html>`
const hashOf = (text: string | undefined) =>
  `'sha256-${createHash('sha256')
    .update(text ?? '')
    .digest('base64')}'`
const inlineWith = (script: string, style = 'p{color:red}') =>
  inlinePage(HTML, address => ({ './assets/a.js': script, './assets/a.css': style })[address] ?? 'wrong')
const unpacked = (script: string | undefined) =>
  inflateRawSync(Buffer.from(/atob\("([^"]+)"\)/.exec(script ?? '')?.[1] ?? '', 'base64')).toString()
const partsOf = (page: string) => ({
  policy: /<head><meta http-equiv="content-security-policy" content="([^"]*)">/.exec(page)?.[1] ?? '',
  scripts: [...page.matchAll(/<script[^>]*>([\s\S]*?)<\/script/gi)].map(match => match[1]),
  styles: [...page.matchAll(/<style[^>]*>([\s\S]*?)<\/style/gi)].map(match => match[1]),
})

test('A103 the policy stands first and names exactly what was put in', () => {
  const page = inlineWith('const a = "$& $1 ä"\r\nrun(a)')
  const { policy, scripts, styles } = partsOf(page)
  expect(scripts.map(unpacked)).toEqual(['const a = "$& $1 ä"\nrun(a)'])
  expect(styles).toEqual(['p{color:red}'])
  const directives = new Map(policy.split('; ').map(text => [text.split(' ', 1)[0], text]))
  expect(directives.get('script-src')).toBe(`script-src ${hashOf(scripts[0])} ${hashOf(unpacked(scripts[0]))}`)
  expect(directives.get('style-src')).toBe(`style-src ${hashOf(styles[0])}`)
  expect(directives.get('trusted-types')).toBe('trusted-types unpacked-script')
  expect(directives.get('require-trusted-types-for')).toBe("require-trusted-types-for 'script'")
  for (const name of ['default-src', 'connect-src', 'img-src', 'frame-src', 'worker-src', 'base-uri', 'form-action'])
    expect(directives.get(name)).toBe(`${name} 'none'`)
  expect(policy).not.toMatch(/unsafe|self|https?:|data:|blob:|\*/)
  expect(page).not.toMatch(/src=|href=/)
})

test('A103 text in a script or a style can’t end it', () => {
  const source = `globalThis.said = ${JSON.stringify('</script><script>evil()</script><!--<script>')}`
  const { policy, scripts, styles } = partsOf(inlineWith(source, 'p::after{content:"</style><p>"}'))
  expect(scripts).toHaveLength(1)
  expect(styles).toEqual(['p::after{content:"<\\/style><p>"}'])
  expect(policy).toContain(hashOf(scripts[0]))
  expect(unpacked(scripts[0])).toBe(source)
})

test('A103 a script that stands in the page already is not allowed by it', () => {
  const page = inlinePage('<!doctype html><script>foreign()</script><script src="/a.js"></script>', () => 'own()')
  expect(page).toMatch(/^<!doctype html><meta http-equiv="content-security-policy"/)
  expect(page).toContain(hashOf('own()'))
  expect(page).not.toContain(hashOf('foreign()'))
})

test('a page that isn’t one, has two scripts or fits on no command line is refused', () => {
  const noise = (bytes: number) => randomBytes(bytes / 2).toString('hex')
  expect(() => inlinePage('<p>x', () => '')).toThrow(/doctype/)
  expect(() => inlinePage('<!doctype html><script src="a"></script><script src="b"></script>', () => '')).toThrow(/one/)
  expect(() => inlineWith(noise(160_000))).toThrow(/bytes/)
  expect(pageDataUrl(inlineWith(noise(120_000))).length).toBeLessThan(128 * 1024 - 100)
})

import { createHash } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { inlinePolicy, UNPACKING_POLICY } from './security.ts'

const ASSET =
  /<script\b[^>]*\bsrc="([^"]+)"[^>]*>\s*<\/script>|<link\b[^>]*\brel="stylesheet"[^>]*\bhref="([^"]+)"[^>]*>/gi
const PAGE_START = /^\s*<!doctype html>\s*(?:<html\b[^>]*>\s*)?(?:<head\b[^>]*>)?/i

/** One argument of a program may have 128 KiB on Linux: three quarters of it as base64, less the rest of the address, leave 98,271. */
const PAGE_MAX_BYTES = 98_250

/**
 * The page as one document: its script and styles stand in it, the script packed, and its policy allows exactly these by their hashes.
 * `readAsset` is given what `src` and `href` say. Throws when the page doesn't begin like one, has more than one script or is too large for
 * a command line.
 */
export function inlinePage(html: string, readAsset: (address: string) => string): string {
  const scripts: string[] = []
  const styles: string[] = []
  const start = PAGE_START.exec(html)?.[0]
  if (start === undefined) throw new Error('A page to inline begins with <!doctype html>.')
  // One pass over what the page's author wrote: what was put in is never searched.
  const body = html.slice(start.length).replace(ASSET, (_, script?: string, style?: string) => {
    if (script === undefined) {
      const css = withUnixLines(readAsset(style ?? '')).replace(/<\/(?=style)/gi, '<\\/')
      styles.push(css)
      return `<style>${css}</style>`
    }
    const source = withUnixLines(readAsset(script))
    const unpacking = unpackingScript(source)
    scripts.push(unpacking, source)
    return `<script type="module">${unpacking}</script>`
  })
  // The policy that unpacks can be made once only.
  if (scripts.length > 2) throw new Error('A page to inline has one script.')
  const policy = inlinePolicy(scripts.map(hashSource), styles.map(hashSource))
  const page = `${start}<meta http-equiv="content-security-policy" content="${policy}">${body}`
  if (Buffer.byteLength(page) > PAGE_MAX_BYTES)
    throw new Error(`An inlined page has at most ${PAGE_MAX_BYTES} bytes; make it smaller.`)
  return page
}

/** The address of a document that needs nothing from anywhere. */
export function pageDataUrl(page: string | Buffer): string {
  return `data:text/html;charset=utf-8;base64,${Buffer.from(page).toString('base64')}`
}

/**
 * Puts `source` into the page as a script of its own, which the page's policy knows by its hash. Packed it takes a third: plain, what the
 * window says in every language didn't fit on a command line.
 */
function unpackingScript(source: string): string {
  const packed = deflateRawSync(source, { level: 9 }).toString('base64')
  return [
    `const bytes=Uint8Array.from(atob("${packed}"),c=>c.charCodeAt(0));`,
    'const text=await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();',
    'const script=document.createElement("script");script.type="module";',
    `script.text=trustedTypes.createPolicy("${UNPACKING_POLICY}",{createScript:s=>s}).createScript(text);`,
    'document.head.append(script)',
  ].join('')
}

const withUnixLines = (text: string) => text.replace(/\r\n?/g, '\n')

const hashSource = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

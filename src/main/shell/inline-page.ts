import { createHash } from 'node:crypto'
import { inlinePolicy } from './security.ts'

const ASSET =
  /<script\b[^>]*\bsrc="([^"]+)"[^>]*>\s*<\/script>|<link\b[^>]*\brel="stylesheet"[^>]*\bhref="([^"]+)"[^>]*>/gi
const PAGE_START = /^\s*<!doctype html>\s*(?:<html\b[^>]*>\s*)?(?:<head\b[^>]*>)?/i

/** One argument of a program may have 128 KiB on Linux: three quarters of it as base64, less the rest of the address, leave 98,271. */
const PAGE_MAX_BYTES = 98_250

/**
 * The page as one document: its scripts and styles stand in it, and its policy allows exactly these by their hashes. `readAsset` is given
 * what `src` and `href` say. Throws when the page doesn't begin like one or is too large for a command line.
 */
export function inlinePage(html: string, readAsset: (address: string) => string): string {
  const hashes = { script: new Set<string>(), style: new Set<string>() }
  const inline = (kind: 'script' | 'style', text: string, attributes = '') => {
    const source = withoutEnd(kind, text.replace(/\r\n?/g, '\n'))
    hashes[kind].add(`'sha256-${createHash('sha256').update(source).digest('base64')}'`)
    return `<${kind}${attributes}>${source}</${kind}>`
  }
  const start = PAGE_START.exec(html)?.[0]
  if (start === undefined) throw new Error('A page to inline begins with <!doctype html>.')
  // One pass over what the page's author wrote: what was put in is never searched.
  const body = html
    .slice(start.length)
    .replace(ASSET, (_, script?: string, style?: string) =>
      script !== undefined
        ? inline('script', readAsset(script), ' type="module"')
        : inline('style', readAsset(style ?? '')),
    )
  const policy = inlinePolicy([...hashes.script], [...hashes.style])
  const page = `${start}<meta http-equiv="content-security-policy" content="${policy}">${body}`
  if (Buffer.byteLength(page) > PAGE_MAX_BYTES)
    throw new Error(`An inlined page has at most ${PAGE_MAX_BYTES} bytes; make it smaller.`)
  return page
}

/** The address of a document that needs nothing from anywhere. */
export function pageDataUrl(page: string | Buffer): string {
  return `data:text/html;charset=utf-8;base64,${Buffer.from(page).toString('base64')}`
}

// In strings, templates and regular expressions, the only places of a built script where these can stand, \x3c is the same character.
function withoutEnd(kind: 'script' | 'style', source: string): string {
  if (kind === 'script') return source.replace(/<(?=\/script|!--)/gi, '\\x3c')
  return source.replace(/<\/(?=style)/gi, '<\\/')
}

import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { SECURITY_HEADERS } from './security.ts'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
}
const SAFE_SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,200}$/

export interface PageFile {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** The built file that `url` names below `root`, with its type and the security headers; `undefined` for everything else there is. */
export async function readPageFile(root: string, origin: string, url: string): Promise<PageFile | undefined> {
  const segments = segmentsOf(origin, url)
  const type = CONTENT_TYPES[extname(segments?.at(-1) ?? '')]
  if (segments === undefined || type === undefined) return undefined
  try {
    const home = await realpath(root)
    const file = await realpath(join(home, ...segments))
    // A link inside the folder must not lead out of it.
    if (!file.startsWith(home + sep)) return undefined
    return { body: await readFile(file), headers: { ...SECURITY_HEADERS, 'content-type': type } }
  } catch {
    return undefined
  }
}

// The raw text decides and not a URL parser: what a parser would fold away ("..", "%2e", "\") is refused instead.
function segmentsOf(origin: string, url: string): string[] | undefined {
  if (!url.startsWith(`${origin}/`)) return undefined
  const path = url.slice(origin.length + 1).split(/[?#]/, 1)[0] ?? ''
  const segments = path.split('/')
  return segments.every(segment => SAFE_SEGMENT.test(segment)) ? segments : undefined
}

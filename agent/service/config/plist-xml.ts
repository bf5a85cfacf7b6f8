const TOKEN =
  /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^>[]*>|<(key|string|integer|real)>([^<]*)<\/\1>|<(string|true|false|array|dict)\s*\/>|<(\/?)(plist|dict|array)(?:\s[^>]*)?>|\s+/y
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const DEPTH_MAX = 8

type Token =
  | { readonly kind: 'key'; readonly text: string }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'open' | 'close'; readonly name: string }

/** The value of an XML property list: dictionaries, arrays, text, numbers and truth. No entities but XML's own five are known. Throws for the rest. */
export function parseXmlPlist(text: string): unknown {
  const tokens = [...tokensOf(text.replace(/^\uFEFF/, ''))].filter(token => !isPlistTag(token))
  const [value, rest] = read(tokens, 0, 0)
  if (rest !== tokens.length) throw new Error('there is something after its end')
  return value
}

function read(tokens: readonly Token[], start: number, depth: number): [unknown, number] {
  const token = tokens[start]
  if (!token || depth > DEPTH_MAX) throw new Error('it ends too early or is too deep')
  if (token.kind === 'value') return [token.value, start + 1]
  if (token.kind !== 'open') throw new Error(`${token.kind} where a value should be`)
  return token.name === 'array' ? readArray(tokens, start + 1, depth) : readDictionary(tokens, start + 1, depth)
}

function readArray(tokens: readonly Token[], start: number, depth: number): [unknown[], number] {
  const items: unknown[] = []
  let at = start
  while (tokens[at]?.kind !== 'close') {
    const [item, next] = read(tokens, at, depth + 1)
    items.push(item)
    at = next
  }
  return [items, at + 1]
}

function readDictionary(tokens: readonly Token[], start: number, depth: number): [Record<string, unknown>, number] {
  const entries: [string, unknown][] = []
  let at = start
  for (let token = tokens[at]; token?.kind === 'key'; token = tokens[at]) {
    const [value, next] = read(tokens, at + 1, depth + 1)
    entries.push([token.text, value])
    at = next
  }
  if (tokens[at]?.kind !== 'close') throw new Error('a dictionary has a value without a key or no end')
  return [Object.fromEntries(entries), at + 1]
}

function* tokensOf(text: string): Generator<Token> {
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (!match) throw new Error(`it isn't understood at character ${at}`)
    const [, element, content = '', empty, slash, tag] = match
    if (element === 'key') yield { kind: 'key', text: decode(content) }
    else if (element) yield { kind: 'value', value: element === 'string' ? decode(content) : Number(content) }
    else if (empty) yield { kind: 'value', value: emptyValue(empty) }
    else if (tag) yield { kind: slash ? 'close' : 'open', name: tag }
  }
}

function emptyValue(name: string): unknown {
  if (name === 'string') return ''
  if (name === 'array') return []
  return name === 'dict' ? {} : name === 'true'
}

const isPlistTag = (token: Token): boolean => 'name' in token && token.name === 'plist'

const decode = (text: string): string =>
  text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w+);/gi, (_, name: string) => {
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.replace(/^#x/i, '0x').replace(/^#/, '')))
    const known = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined
    if (known === undefined) throw new Error(`&${name}; isn't known`)
    return known
  })

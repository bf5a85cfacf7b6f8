/// <reference path="./x11-package.d.ts" />
import x11 from 'x11'

/** A keysym above this is a Unicode code point. */
const UNICODE_KEYSYM = 0x0100_0000
const RETURN_KEYSYM = 0xff0d
const TAB_KEYSYM = 0xff09

let named: ReadonlyMap<string, readonly number[]> | undefined

/** All keysyms that produce a character, the one to prefer for a new key first. Empty for characters that aren't typed, such as controls. */
export function keysymsFor(character: string): readonly number[] {
  if (character === '\n') return [RETURN_KEYSYM]
  if (character === '\t') return [TAB_KEYSYM]
  const codePoint = character.codePointAt(0) ?? 0
  if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0) || (codePoint >= 0xd800 && codePoint < 0xe000))
    return []
  if (codePoint < 0x100) return [codePoint]
  named ??= readNamedKeysyms()
  return [UNICODE_KEYSYM + codePoint, ...(named.get(character) ?? [])]
}

/** Characters as a keyboard types them: line ends as one Enter, no controls, no halves of surrogate pairs. */
export function typeableCharacters(text: string): string[] {
  return [...text.replace(/\r\n?/g, '\n')].filter(character => keysymsFor(character).length > 0)
}

// Layouts made before Unicode use the old names, for example for Cyrillic and Greek.
function readNamedKeysyms(): ReadonlyMap<string, readonly number[]> {
  const byCharacter = new Map<string, number[]>()
  for (const { code, description } of Object.values(x11.keySyms)) {
    const character = /^\((.)\) /u.exec(description ?? '')?.[1]
    if (character) byCharacter.set(character, [...(byCharacter.get(character) ?? []), code])
  }
  return byCharacter
}

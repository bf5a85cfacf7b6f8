import { wordlist } from '@scure/bip39/wordlists/english.js'
import { base64url } from 'jose'

const WORDS = 8
const BITS = 11

/**
 * The start of a key's thumbprint (base64url) as eight words of 11 bits each, for people who compare two keys over the telephone. 88 bits: nobody makes
 * another key with the same words.
 */
export function keyWords(thumbprint: string): string[] {
  let bits = 0n
  for (const byte of base64url.decode(thumbprint).subarray(0, (WORDS * BITS) / 8)) bits = (bits << 8n) | BigInt(byte)
  return Array.from({ length: WORDS }, (_, index) => {
    const shift = BigInt((WORDS - 1 - index) * BITS)
    return wordlist[Number((bits >> shift) & 0x7ffn)] ?? ''
  })
}

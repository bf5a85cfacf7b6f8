import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { HandholdError } from '#protocol/errors.ts'
import { SEED_BYTES } from './seed-key.ts'

/** A key as 24 words on paper (BIP 39). The last one holds a checksum, so that most slips show. */
export const phraseOf = (seed: Uint8Array): string[] => entropyToMnemonic(seed, wordlist).split(' ')

/** The key of such words, however they are written. Throws `backup-invalid`, in words that name one that isn't in the list. */
export function seedOfPhrase(text: string): Uint8Array {
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean)
  const stranger = words.find(word => !wordlist.includes(word))
  if (stranger !== undefined) throw invalid(`“${stranger.slice(0, 20)}” is none of the words of a recovery phrase.`)
  if (words.length !== 24) throw invalid(`A recovery phrase has 24 words; these are ${words.length}.`)
  try {
    const seed = mnemonicToEntropy(words.join(' '), wordlist)
    if (seed.length === SEED_BYTES) return seed
  } catch {
    // The checksum doesn't fit.
  }
  throw invalid('These words don’t belong together: one of them is another one, or two are exchanged.')
}

const invalid = (message: string) => new HandholdError('backup-invalid', message)

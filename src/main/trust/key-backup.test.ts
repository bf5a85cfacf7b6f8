import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { idFromBytes } from '#protocol/ids.ts'
import { openBackup, sealBackup } from './key-backup.ts'
import { phraseOf, seedOfPhrase } from './recovery-phrase.ts'
import { keyFromSeed } from './seed-key.ts'

const organisation = { id: idFromBytes('organisation', randomBytes(16)), name: 'Riverside Clinic' }
const PASSPHRASE = 'Fähre über den Fluß'

describe('the backup file of an organisation key', () => {
  it('opens with its passphrase, however that is composed, and shows nothing of the key', async () => {
    const key = await keyFromSeed(randomBytes(32))
    const text = await sealBackup(key, organisation, PASSPHRASE)
    const opened = await openBackup(text, PASSPHRASE.normalize('NFD'))
    expect([opened.key.publicKey, Buffer.from(opened.key.seed)]).toEqual([key.publicKey, Buffer.from(key.seed)])
    for (const encoding of ['base64url', 'base64', 'hex'] as const)
      expect(text).not.toContain(Buffer.from(key.seed).toString(encoding))
  })

  it('doesn’t open with another passphrase, nor after a byte of it was changed', async () => {
    const text = await sealBackup(await keyFromSeed(randomBytes(32)), organisation, PASSPHRASE)
    await expect(openBackup(text, `${PASSPHRASE} `)).rejects.toMatchObject({ code: 'passphrase-wrong' })
    const renamed = text.replace('Riverside Clinic', 'Riverside Bank')
    await expect(openBackup(renamed, PASSPHRASE)).rejects.toMatchObject({ code: 'passphrase-wrong' })
  })

  it('says that a part is missing, wherever it was cut off, and takes no other costs than its own', async () => {
    const text = (await sealBackup(await keyFromSeed(randomBytes(32)), organisation, PASSPHRASE)).trimEnd()
    const damaged = { code: 'backup-invalid' }
    for (let length = 0; length < text.length; length += 7)
      await expect(openBackup(text.slice(0, length), PASSPHRASE)).rejects.toMatchObject(damaged)
    for (const N of [2, 2 ** 30])
      await expect(openBackup(text.replace(/"N": \d+/, `"N": ${N}`), PASSPHRASE)).rejects.toMatchObject(damaged)
  })
})

describe('the recovery phrase', () => {
  it('is the key in 24 words', async () => {
    for (let run = 0; run < 50; run++) {
      const seed = randomBytes(32)
      const words = phraseOf(seed)
      expect(words).toHaveLength(24)
      expect(Buffer.from(seedOfPhrase(` 1. ${words.join('\n 2) ').toUpperCase()} `))).toEqual(seed)
    }
  })

  it('says what is wrong with words that were copied badly', () => {
    const words = phraseOf(Buffer.alloc(32, 7))
    expect(() => seedOfPhrase(words.slice(1).join(' '))).toThrow('these are 23')
    expect(() => seedOfPhrase(words.with(3, 'handhold').join(' '))).toThrow('“handhold” is none')
    const [first = '', second = ''] = words
    expect(first).not.toBe(second)
    expect(() => seedOfPhrase(words.with(23, words[23] === 'zoo' ? 'abandon' : 'zoo').join(' '))).toThrow(
      'don’t belong together',
    )
  })
})

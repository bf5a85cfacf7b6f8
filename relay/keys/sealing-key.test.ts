import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSeal } from './sealing-key.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-seal-'))
  file = join(folder, 'identity-key')
})
afterEach(() => rm(folder, { recursive: true }))

describe('the seal', () => {
  it('opens what it sealed, over a restart too, and its key is for its owner only', async () => {
    const sealed = openSeal(file).seal('a secret', 'totp usr_1')
    expect(sealed).not.toContain('secret')
    expect(openSeal(file).open(sealed, 'totp usr_1')).toBe('a secret')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('opens nothing that was changed, cut, sealed for something else or with another key', async () => {
    const seal = openSeal(file)
    const sealed = seal.seal('a secret', 'totp usr_1')
    expect(seal.seal('a secret', 'totp usr_1')).not.toBe(sealed)
    const changed = Buffer.from(sealed, 'base64url')
    changed[14] = (changed[14] ?? 0) ^ 1
    for (const text of [changed.toString('base64url'), sealed.slice(0, -8), '', 'x'])
      expect(() => seal.open(text, 'totp usr_1')).toThrow()
    expect(() => seal.open(sealed, 'totp usr_2')).toThrow()
    expect(() => openSeal(join(folder, 'another')).open(sealed, 'totp usr_1')).toThrow()
  })

  it('refuses a key file that is none, and leaves it alone', async () => {
    await writeFile(file, 'not a key')
    expect(() => openSeal(file)).toThrow('backup')
    expect(await readFile(file, 'utf8')).toBe('not a key')
  })
})

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SettingsFile } from './settings.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-settings-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('gives back what was written, to this user alone', async () => {
  const file = new SettingsFile(join(folder, 'new'))
  await file.write({ lastRelayUrl: 'https://relay.example', lastEmail: 'ada@example.com' })
  await expect(file.read()).resolves.toEqual({ lastRelayUrl: 'https://relay.example', lastEmail: 'ada@example.com' })
  const path = join(folder, 'new', 'settings.json')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readFile(path, 'utf8')).toContain('relay.example')
})

it.each(['', '{', '[]', '{"lastRelayUrl":7,"lastEmail":""}'])('counts the damaged file %j as none', async text => {
  await writeFile(join(folder, 'settings.json'), text)
  await expect(new SettingsFile(folder).read()).resolves.toEqual({ lastRelayUrl: '', lastEmail: '' })
})

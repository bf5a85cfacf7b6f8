import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { GOES, STAYS, wipeState } from './removal.ts'

let folder: string
let stateDir: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-removal-'))
  stateDir = join(folder, 'state')
  await mkdir(stateDir)
})
afterEach(() => rm(folder, { recursive: true }))

const write = (path: string) => writeFile(join(stateDir, path), 'x')

it('A134 takes what an enrolment left, recordings among it, and leaves the person’s receipts and what isn’t the agent’s', async () => {
  for (const name of GOES) await write(name)
  await write('.4711-2.tmp')
  await mkdir(join(stateDir, 'recordings/user-1000'), { recursive: true })
  await write('recordings/user-1000/20261123.cast')
  const kept = [
    'receipts/20261123.json',
    'receipts/20261123.chat.jsonl',
    'organisation-key.json',
    'removed',
    'mine.txt',
  ]
  await mkdir(join(stateDir, 'receipts'))
  for (const path of kept) await write(path)
  expect(await wipeState(stateDir)).toEqual([])
  expect((await readdir(stateDir, { recursive: true })).sort()).toEqual(['receipts', ...kept].sort())
  expect(await wipeState(stateDir)).toEqual([])
})

it('A134 A92 follows no link out of the folders of recordings, whose user may have put one there', async () => {
  const outside = join(folder, 'outside')
  await mkdir(outside)
  await writeFile(join(outside, 'a.cast'), 'x')
  await mkdir(join(stateDir, 'recordings/user-1000'), { recursive: true })
  await symlink(outside, join(stateDir, 'recordings/user-1000/a'))
  await symlink(outside, join(stateDir, 'recordings/user-1001'))
  expect(await wipeState(stateDir)).toEqual([])
  expect([await readdir(outside), await readdir(stateDir)]).toEqual([['a.cast'], []])
})

it('A134 says what could not be removed, and removes the rest', async () => {
  await mkdir(join(stateDir, 'recordings/user-1000/deeper'), { recursive: true })
  await write('recordings/user-1000/deeper/a.cast')
  await write('identity.json')
  expect(await wipeState(stateDir)).toEqual(['recordings'])
  expect(await readdir(stateDir)).toEqual(['recordings'])
})

it('A134 every file that the agent keeps in its folder is one that stays or one that goes', async () => {
  const service = fileURLToPath(new URL('..', import.meta.url))
  const sources = (await readdir(service, { recursive: true })).filter(name => /(?<!test)\.ts$/.test(name))
  const texts = await Promise.all(sources.map(name => readFile(join(service, name), 'utf8')))
  const named = texts.flatMap(text =>
    [...text.matchAll(/join\((?:[\w.#]+\.)?stateDir, '([^']+)'/g)].map(([, name]) => name),
  )
  expect(named.length).toBeGreaterThan(8)
  const known = [...GOES, ...STAYS, 'recordings']
  expect(named.filter(name => !known.includes(name ?? ''))).toEqual([])
})

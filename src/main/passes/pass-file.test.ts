import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readPassFile } from './pass-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-pass-'))
})
afterEach(() => rm(folder, { recursive: true }))

const GOOD = { handhold: 'access-pass', version: 1, relay: 'https://relay.example', pass: 'a.b.c' }
async function file(contents: string | Uint8Array): Promise<string> {
  const path = join(folder, 'a.handhold')
  await writeFile(path, contents)
  return path
}
const refused = { code: 'pass-invalid', message: expect.not.stringContaining('secret') }

it('reads a pass', async () => {
  expect(await readPassFile(await file(JSON.stringify(GOOD)))).toEqual(GOOD)
})

it('A108 refuses what is no pass, and tells nothing of what it is instead', async () => {
  const wrong = [
    '',
    'secret',
    'null',
    '[]',
    JSON.stringify({ ...GOOD, version: 2 }),
    JSON.stringify({ ...GOOD, secret: 1 }),
    JSON.stringify({ ...GOOD, pass: 'x'.repeat(5_000) }),
    JSON.stringify({ ...GOOD, relay: 7 }),
    `{"__proto__":{"secret":1},${JSON.stringify(GOOD).slice(1)}`,
    '['.repeat(8_000),
    Uint8Array.of(0xff, 0xfe, 0, 1),
    `${JSON.stringify(GOOD)}${' '.repeat(8_192)}`,
  ]
  for (const contents of wrong) await expect(readPassFile(await file(contents))).rejects.toMatchObject(refused)
  expect(({} as { secret?: number }).secret).toBeUndefined()
})

it('A94 reads nothing of a huge file, and waits for no pipe, device or folder', async () => {
  const huge = await file('')
  await truncate(huge, 2 ** 40)
  const pipe = join(folder, 'pipe.handhold')
  execFileSync('mkfifo', [pipe])
  const directory = join(folder, 'folder.handhold')
  await mkdir(directory)
  for (const path of [huge, pipe, directory, '/dev/zero', join(folder, 'nothing.handhold')])
    await expect(readPassFile(path)).rejects.toMatchObject(refused)
})

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { tracesOf } from './traces.ts'

const PASSWORD = '7XK2M9QPTV3RH'
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-traces-'))
  await mkdir(join(folder, 'deeper'))
})
afterEach(() => rm(folder, { recursive: true }))

it('a password is found however it is written, wherever it begins', async () => {
  const bytes = (text: string) => Buffer.from(text)
  const written = ['a', 'ab', 'abc'].flatMap(before => [
    bytes(`${before}7XK2-M9QP-TV3RH"`),
    bytes(`${before}7xk2m9qptv3rh`),
    Buffer.from(`${before}${PASSWORD}!`, 'utf16le'),
    bytes(bytes(`${before}${PASSWORD}`).toString('hex').toUpperCase()),
    bytes(bytes(`{"${before}":"${PASSWORD}"}`).toString('base64url')),
    bytes(bytes(`${before}7xk2-m9qp-tv3rh and more`).toString('base64')),
  ])
  for (const content of written) {
    const path = join(folder, 'deeper', 'file')
    await writeFile(path, content)
    expect([content.toString('latin1'), await tracesOf(PASSWORD, { pids: [], folders: [folder] })]).toEqual([
      content.toString('latin1'),
      [path],
    ])
  }
  const texts = ['nothing', `said ${PASSWORD}`]
  expect(await tracesOf(PASSWORD, { pids: [], folders: [], texts })).toEqual([texts[1]])
})

it('and nothing else is', async () => {
  const others = ['7XK2-M9QP-TV3RJ', '7XK2M9QPTV3R', Buffer.from('8XK2M9QPTV3RH').toString('base64'), '']
  await Promise.all(others.map((other, index) => writeFile(join(folder, String(index)), other)))
  expect(await tracesOf(PASSWORD, { pids: [process.pid], folders: [folder], texts: others })).toEqual([])
})

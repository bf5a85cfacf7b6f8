import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readDesk } from './desk.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'handhold-desk-'))
})
afterEach(() => rm(root, { recursive: true }))

const person = (more = '') => `UID=1000\nUSER=ada\nACTIVE=1\nCLASS=user\nSEAT=seat0\n${more}`

async function put(...sessions: string[]): Promise<void> {
  await mkdir(join(root, 'run/systemd/sessions'), { recursive: true })
  await Promise.all(sessions.map((text, at) => writeFile(join(root, 'run/systemd/sessions', `${at + 1}`), text)))
}

it('knows who is there by what systemd-logind writes, and says so where there is none', async () => {
  expect(await readDesk(undefined, root)).toBe('unknown')
  await put()
  expect(await readDesk(1000, root)).toBe('unknown')
  await mkdir(join(root, 'run/systemd/system'))
  expect([await readDesk(undefined, root), await readDesk(1000, root)]).toEqual(['unknown', 'nobody'])
  await put('USER=gdm\nACTIVE=1\nCLASS=greeter\nSEAT=seat0\n', 'USER=bob\nACTIVE=1\nCLASS=user\nREMOTE=1\n')
  expect([await readDesk(undefined, root), await readDesk(1000, root)]).toEqual(['unknown', 'nobody'])
  await put(person())
  expect(await readDesk(undefined, root)).toBe('present')
  expect(await readDesk(1000, root)).toBe('present')
  expect(await readDesk(1001, root)).toBe('nobody')
  await put(person('LOCKED_HINT=1\n'))
  expect(await readDesk(1000, root)).toBe('locked')
  await put(person('LOCKED_HINT=0\n'))
  expect(await readDesk(1000, root)).toBe('present')
})

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { TestRelay } from '#testing/relay.ts'

const program = (path: string) => fileURLToPath(new URL(path, import.meta.url))

let relay: TestRelay
let folder: string
beforeEach(async () => {
  relay = await TestRelay.start()
  folder = await mkdtemp(join(tmpdir(), 'handhold-audit-cli-'))
})
afterEach(async () => {
  await relay.close()
  await rm(folder, { recursive: true })
})

function run(path: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, HANDHOLD_RELAY_DATA_DIR: relay.dataDir }
  return new Promise(resolve =>
    execFile(process.execPath, [program(path), ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  )
}

it('A137 verifies a running relay, and elsewhere what it exports, with the public key alone', async () => {
  await relay.mintEnrolmentToken(await relay.signIn())
  await relay.restart()
  const heads = join(relay.dataDir, 'audit-heads.jsonl')
  const running = await run('../main.ts', 'audit', 'verify', '--heads', heads)
  expect([running.code, running.stderr]).toEqual([0, ''])
  expect(running.stdout).toMatch(/good org_\w+: \d+ rows to position \d+, all sealed/)
  const mistyped = await run('../main.ts', 'audit', 'verify', '--heads', heads, '--organisation', 'Example Ltd')
  expect([mistyped.code, mistyped.stdout]).toEqual([1, ''])
  expect(mistyped.stderr).toMatch(/^handhold-relay: There are no rows of "Example Ltd"[^\n]+\n$/)

  const key = await run('../main.ts', 'audit', 'key')
  const thumbprint = key.stderr.trim().split(' ').at(-1) ?? ''
  const exported = join(folder, 'audit.jsonl')
  expect((await run('../main.ts', 'audit', 'export', exported)).code).toBe(0)
  const alone = ['verify', 'audit', exported, '--heads', heads, '--key', thumbprint]
  expect((await run('../verify/main.ts', ...alone)).code).toBe(0)
  expect((await run('../verify/main.ts', 'verify', 'audit', exported)).code).toBe(3)
  expect((await readFile(exported, 'utf8')).includes('PRIVATE')).toBe(false)
})

it('says in one line what it can’t read', async () => {
  for (const args of [
    ['verify', 'audit', join(folder, 'nothing.jsonl')],
    ['verify', 'x', 'y'],
    ['verify', 'receipt', program('./audit.ts')],
  ]) {
    const { code, stderr } = await run('../verify/main.ts', ...args)
    expect([args, code]).toEqual([args, 2])
    expect(stderr).toMatch(/^handhold: [^\n]+\n$/)
  }
})

import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, open, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TestRelay } from '#testing/relay.ts'
import { SqliteStore } from '../store/store.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-backup-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function run(dataDir: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, HANDHOLD_RELAY_DATA_DIR: dataDir }
  return new Promise(resolve =>
    execFile(process.execPath, [MAIN, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  )
}

/** A data folder with a database in which one organisation is. */
async function makeData(name: string): Promise<string> {
  const dataDir = await mkdtemp(join(folder, 'data-'))
  const store = new SqliteStore(join(dataDir, 'relay.db'))
  await store.write(tx => tx.insertOrganisation({ id: `org_${name}`, name }, 1))
  await store.close()
  return dataDir
}

async function organisations(file: string): Promise<string[]> {
  const store = new SqliteStore(file)
  const found = await store.read.policy.organisations()
  await store.close()
  return found.map(({ name }) => name)
}

describe('backup and restore', () => {
  it('copy a relay that runs, and refuse to put the copy back under it', async () => {
    const relay = await TestRelay.start()
    try {
      const copy = join(folder, 'copy.db')
      const made = await run(relay.dataDir, 'backup', copy)
      expect(made.stdout).toMatch(/^[0-9a-f]{64} {2}.*copy\.db\n$/)
      expect((await stat(copy)).mode & 0o777).toBe(0o600)
      expect(await organisations(copy)).toEqual(['Example Ltd'])
      const again = await run(relay.dataDir, 'backup', copy)
      expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('is there already')])
      const refused = await run(relay.dataDir, 'restore', copy)
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Stop it, then restore')])
      expect((await relay.call('GET', '/healthz')).status).toBe(200)
      await relay.signIn()
    } finally {
      await relay.close()
    }
  })

  it('put a copy back, keep what was there, and say so in the audit', async () => {
    const [source, target] = [await makeData('before'), await makeData('after')]
    const copy = join(folder, 'copy.db')
    const sha256 = (await run(source, 'backup', copy)).stdout.slice(0, 64)
    const wrong = await run(target, 'restore', '--sha256', '0'.repeat(64), copy)
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining(sha256)])
    expect((await run(target, 'restore', '--sha256', sha256, copy)).code).toBe(0)
    expect(await organisations(join(target, 'relay.db'))).toEqual(['before'])
    const kept = (await readdir(target)).find(name => name.startsWith('relay.db.before-') && !/-(wal|shm)$/.test(name))
    expect(await organisations(join(target, kept ?? ''))).toEqual(['after'])
    const database = new Sqlite(join(target, 'relay.db'), { readonly: true })
    expect(database.prepare('select action from audit order by sequence desc limit 1').pluck().get()).toBe(
      'relay.restored',
    )
    database.close()
  })

  it('refuse a damaged copy, a newer one and what is none, and leave the database as it is', async () => {
    const target = await makeData('mine')
    const file = join(target, 'relay.db')
    const copies = {
      damaged: join(folder, 'damaged.db'),
      newer: join(folder, 'newer.db'),
      none: join(folder, 'none.db'),
    }
    for (const copy of Object.values(copies)) await copyFile(file, copy)
    const damage = await open(copies.damaged, 'r+')
    await damage.write(Buffer.alloc(4096 * 20, 7), 0, 4096 * 20, 4096 * 4)
    await damage.close()
    const newer = new Sqlite(copies.newer)
    newer.pragma('user_version = 9999')
    newer.close()
    const none = await open(copies.none, 'w')
    await none.write('no database at all')
    await none.close()
    for (const [copy, why] of [
      [copies.damaged, /damaged|can't be read/],
      [copies.newer, /newer relay/],
      [copies.none, /can't be/],
      [join(folder, 'nowhere.db'), /There is no file/],
    ] as const) {
      const { code, stderr } = await run(target, 'restore', copy)
      expect([copy, code]).toEqual([copy, 1])
      expect(stderr).toMatch(why)
      expect(stderr).toMatch(/^handhold-relay: [^\n]+\n$/)
    }
    expect(await organisations(file)).toEqual(['mine'])
  })
})

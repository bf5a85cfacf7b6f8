import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { growAudit, type SealedAudit, sealedAudit } from '#testing/audit-chain.ts'
import { TAMPERINGS, tamperWith } from '#testing/audit-tampering.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { openAuditKey } from '../../keys/audit-key.ts'
import { SqliteStore } from '../../store/store.ts'
import { checkAudit } from '../../verify/audit.ts'
import { auditWords } from '../../verify/audit-words.ts'
import { createPurgeAudit } from '../operating/audit-purge.ts'

const ROWS = 4_500
const TOUCHED = 600

let audit: SealedAudit
beforeAll(async () => {
  audit = await sealedAudit(ROWS)
})
afterAll(() => audit.remove())

const copy = async (name: string) => {
  const file = join(audit.folder, name)
  await copyFile(audit.database, file)
  return file
}
const check = (file: string, headsFile: string | undefined = audit.headsFile, thumbprint = audit.key.thumbprint) =>
  checkAudit({ file, headsFile, thumbprint })

describe('the audit’s chain', () => {
  it('holds over three chains as it was written, all of it sealed', async () => {
    const verdict = await check(audit.database)
    expect(verdict.reports.map(({ chain, rows, sealedTo, finding }) => [chain, rows, sealedTo, finding])).toEqual([
      ['org_a', 1_500, 1_500, null],
      ['org_b', 1_500, 1_500, null],
      ['server', 1_500, 1_500, null],
    ])
    expect(auditWords(verdict).code).toBe(0)
  })

  it.each(TAMPERINGS)('A137 names the first row: $name', async tampering => {
    const file = await copy('tampered.db')
    tamperWith(file, tampering, TOUCHED)
    const verdict = await check(file)
    expect(verdict.reports.find(({ chain }) => chain === tampering.chain)?.finding).toMatchObject({
      kind: tampering.kind,
      position: tampering.position(TOUCHED, 1_500),
    })
    expect(auditWords(verdict).code).toBe(1)
  })

  it('A137 sees an older backup, also one that went on after it was put back', async () => {
    const headsFile = join(audit.folder, 'later-heads.jsonl')
    const later = await copy('later.db')
    const backup = await copy('backup.db')
    await copyFile(audit.headsFile, headsFile)
    await growAudit({ ...audit, database: later, headsFile }, 300)
    expect((await check(later, headsFile)).reports.every(({ finding }) => finding === null)).toBe(true)
    const restored = await check(backup, headsFile)
    expect(restored.reports[0]?.finding).toMatchObject({ kind: 'cut', position: 1_501 })
    const db = new Sqlite(backup)
    db.exec(
      `insert into audit select null, organisation_id, at_ms, actor, action, subject, detail, 'elsewhere', position, hash from audit limit 1`,
    )
    db.close()
    expect((await check(backup, headsFile)).reports.find(({ chain }) => chain === 'elsewhere')?.finding).not.toBeNull()
  })

  it('A137 believes no head of another key, and says what it could not prove', async () => {
    const stranger = await openAuditKey(join(audit.folder, 'another-key.pem'))
    const verdict = await check(audit.database, audit.headsFile, stranger.thumbprint)
    expect(verdict.forged.length).toBeGreaterThan(0)
    expect(auditWords(verdict).code).toBe(1)
    expect(auditWords(await checkAudit({ file: audit.database, thumbprint: null })).code).toBe(3)
    const heads = (await readFile(audit.headsFile, 'utf8')).trim().split('\n')
    const bent = join(audit.folder, 'bent.jsonl')
    await writeFile(
      bent,
      heads
        .map(head => head.replace(/\.(.{30})../, '.$1AA'))
        .join('\n')
        .concat('\n'),
    )
    expect((await check(audit.database, bent)).forged).toHaveLength(heads.length)
  })

  it('A140 lets rows go only under a signed tombstone, and what is left continues from it', async () => {
    const file = await copy('purged.db')
    const store = new SqliteStore(file)
    const purge = createPurgeAudit({ store, clock: new ManualClock(), signer: audit.key })
    expect(await purge('org_a', 3_000)).toBe(1_000)
    await store.close()
    const verdict = await check(file)
    expect(verdict.reports[0]).toMatchObject({ chain: 'org_a', rows: 501, last: 1_501, sealedTo: 1_500, finding: null })
    expect(auditWords(verdict).code).toBe(0)
    const db = new Sqlite(file)
    expect(() => db.exec("delete from audit where chain = 'org_a' and position = 1001")).toThrow('append-only')
    expect(() => db.exec('delete from audit_tombstone')).toThrow('append-only')
    db.exec(
      "insert into audit_tombstone values ('org_b', 900, 'made up'); delete from audit where chain = 'org_b' and position <= 900",
    )
    db.close()
    const forged = await check(file)
    expect(forged.forged).toEqual(['tombstone 2'])
    expect(forged.reports[1]?.finding).toMatchObject({ kind: 'deleted', position: 1 })
  })
})

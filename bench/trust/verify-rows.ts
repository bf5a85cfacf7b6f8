import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sealedAudit } from '#testing/audit-chain.ts'
import { TAMPERINGS, tamperWith } from '#testing/audit-tampering.ts'
import { checkAudit } from '../../relay/verify/audit.ts'

const ROWS = 100_000
const TOUCHED = 20_000

/** The longest that the verifier takes for 100,000 rows, untouched and with each tampering; throws when it misses one. */
export async function benchVerify() {
  const audit = await sealedAudit(ROWS)
  try {
    let slowestMs = 0
    for (const tampering of [null, ...TAMPERINGS]) {
      const file = join(audit.folder, 'copy.db')
      await copyFile(audit.database, file)
      if (tampering) tamperWith(file, tampering, TOUCHED)
      const startedAtMs = performance.now()
      const { reports } = await checkAudit({ file, headsFile: audit.headsFile, thumbprint: audit.key.thumbprint })
      slowestMs = Math.max(slowestMs, performance.now() - startedAtMs)
      const found = reports.find(report => report.finding)?.finding?.kind
      if (found !== tampering?.kind) throw new Error(`${tampering?.name ?? 'untouched'}: found ${found ?? 'nothing'}`)
    }
    return { verify100kRowsSeconds: Math.round(slowestMs) / 1000 }
  } finally {
    await audit.remove()
  }
}

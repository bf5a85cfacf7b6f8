import { randomBytes, randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { openAuditKey } from '../../relay/keys/audit-key.ts'
import { checkAudit } from '../../relay/verify/audit.ts'
import { findFreePort } from '../free-port.ts'
import type { Program } from '../program.ts'
import { startRelayProcess } from '../relay-process.ts'
import { countEffects, type Effect, type EffectCounts } from './effects.ts'
import { Load, send } from './load.ts'

const LOAD_MAX_MS = 400
const ACCOUNT = { email: 'ada@example.org', password: 'correct horse battery' }

export interface KillFigures extends EffectCounts {
  readonly killRuns: number
  /** From the start of the program to its port, of each run. */
  readonly restartsMs: readonly number[]
}

/**
 * Kills a real relay with SIGKILL at random moments while several clients write, and looks each time at what is on the disk. Throws when the database or the chain is
 * broken. `entry`: another program than the relay from source.
 */
export async function killRelay(runs: number, entry?: string): Promise<KillFigures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'handhold-kills-'))
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const bootstrapSecret = randomBytes(24).toString('base64url')
  const start = () => startRelayProcess({ dataDir, port, bootstrapSecret, entry })
  const acknowledged = new Map<Effect, string[]>()
  const restartsMs: number[] = []
  let program = await start()
  try {
    const owner = { secret: bootstrapSecret, organisationName: 'Example Ltd', name: 'Ada' }
    await send(url, 'POST', '/v1/bootstrap', { ...owner, ...ACCOUNT })
    for (let run = 0; run < runs; run++) {
      await killUnderLoad(program, await Load.start(url, ACCOUNT, acknowledged))
      await requireSound(dataDir)
      const startedAtMs = performance.now()
      program = await start()
      restartsMs.push(Math.round(performance.now() - startedAtMs))
    }
    return { killRuns: runs, ...countEffects(join(dataDir, 'relay.db'), acknowledged), restartsMs }
  } finally {
    await program.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function killUnderLoad(program: Program, load: Load): Promise<void> {
  await wait(randomInt(LOAD_MAX_MS))
  program.kill('SIGKILL')
  await program.exited
  await load.stop()
}

async function requireSound(dataDir: string): Promise<void> {
  const file = join(dataDir, 'relay.db')
  const db = new Sqlite(file)
  const integrity = db.pragma('integrity_check', { simple: true })
  db.close()
  if (integrity !== 'ok') throw new Error(`integrity_check: ${integrity}`)
  const { thumbprint } = await openAuditKey(join(dataDir, 'audit-key.pem'))
  const heads = join(dataDir, 'audit-heads.jsonl')
  // Killed before its first minute it may have copied none.
  const headsFile = existsSync(heads) ? heads : undefined
  const { reports, forged } = await checkAudit({ file, headsFile, thumbprint })
  const finding = reports.find(report => report.finding)?.finding
  if (finding || forged.length > 0) throw new Error(finding?.words ?? `forged: ${forged.join(', ')}`)
}

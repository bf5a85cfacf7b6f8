import { randomBytes, randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { signInReplySchema } from '#protocol/http.ts'
import { openAuditKey } from '../relay/keys/audit-key.ts'
import { checkAudit } from '../relay/verify/audit.ts'
import { findFreePort } from './free-port.ts'
import { type Program, startProgram } from './program.ts'

const MAIN = fileURLToPath(new URL('../relay/main.ts', import.meta.url))
const WORKERS = 4
const LOAD_MAX_MS = 400

export interface KillFigures {
  readonly killRuns: number
  readonly effectsWithoutRow: number
  readonly rowsWithoutEffect: number
  /** What was written altogether, so that nobody takes a relay that did nothing for a good one. */
  readonly effects: number
  readonly restartMaxMs: number
}

/** Kills a real relay with SIGKILL at random moments while several clients write, and looks each time at what is on the disk. Throws when the database or the chain is broken. */
export async function killRelay(runs: number): Promise<KillFigures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'handhold-kills-'))
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const secret = randomBytes(24).toString('base64url')
  const start = () => startRelay(dataDir, port, secret)
  let program = await start()
  let restartMaxMs = 0
  try {
    const token = await prepare(url, secret)
    for (let run = 0; run < runs; run++) {
      await killUnderLoad(program, url, token)
      await requireSound(dataDir)
      const startedAtMs = performance.now()
      program = await start()
      restartMaxMs = Math.max(restartMaxMs, performance.now() - startedAtMs)
    }
    return { killRuns: runs, ...count(dataDir), restartMaxMs: Math.round(restartMaxMs) }
  } finally {
    await program.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

const startRelay = (dataDir: string, port: number, secret: string): Promise<Program> =>
  startProgram({
    name: 'relay',
    command: process.execPath,
    args: [MAIN],
    env: {
      ...process.env,
      HANDHOLD_RELAY_HOST: '127.0.0.1',
      HANDHOLD_RELAY_PORT: String(port),
      HANDHOLD_RELAY_DATA_DIR: dataDir,
      HANDHOLD_RELAY_BOOTSTRAP_SECRET: secret,
    },
    ready: line => (line.includes('"listening"') ? true : undefined),
  })

const send = (url: string, path: string, body: unknown, token?: string): Promise<Response> =>
  fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })

async function prepare(url: string, secret: string): Promise<string> {
  const account = { email: 'ada@example.org', password: 'correct horse battery' }
  await send(url, '/v1/bootstrap', { secret, organisationName: 'Example Ltd', name: 'Ada', ...account })
  return signInReplySchema.parse(await (await send(url, '/v1/sign-in', account)).json()).token
}

async function killUnderLoad(program: Program, url: string, token: string): Promise<void> {
  let isOver = false
  const work = async () => {
    while (!isOver) {
      const body = { maxUses: 1, expiresInS: 3600, name: 'kill' }
      // What is refused or cut off is part of the load; what counts is on the disk.
      await send(url, '/v1/enrolment-tokens', body, token).then(
        reply => reply.text(),
        () => undefined,
      )
    }
  }
  const workers = Array.from({ length: WORKERS }, work)
  await wait(randomInt(LOAD_MAX_MS))
  program.kill('SIGKILL')
  await program.exited
  isOver = true
  await Promise.all(workers)
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

function count(dataDir: string): Pick<KillFigures, 'effects' | 'effectsWithoutRow' | 'rowsWithoutEffect'> {
  const db = new Sqlite(join(dataDir, 'relay.db'), { readonly: true })
  const number = (sql: string) => Number(db.prepare(sql).pluck().get())
  const rows = "select subject from audit where action = 'enrolment-token.created'"
  const figures = {
    effects: number('select count(*) from enrolment_token'),
    effectsWithoutRow: number(`select count(*) from enrolment_token where id not in (${rows})`),
    rowsWithoutEffect: number(`select count(*) from (${rows}) where subject not in (select id from enrolment_token)`),
  }
  db.close()
  return figures
}

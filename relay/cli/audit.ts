import { createWriteStream, existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { loadConfig } from '../config/load.ts'
import { auditKeyFile } from '../config/paths.ts'
import { openAuditKey } from '../keys/audit-key.ts'
import { StartError } from '../start-error.ts'
import { checkAudit } from '../verify/audit.ts'
import { auditWords } from '../verify/audit-words.ts'
import type { ExportLine, RawEvidence } from '../verify/evidence.ts'
import { readThumbprint } from '../verify/key.ts'
import { VerifyError } from '../verify/verify-error.ts'
import type { Command, CommandInput } from './command.ts'

export const verifyAuditCommand: Command = {
  name: 'audit verify',
  usage: '[--heads FILE] [--organisation ID]',
  summary: 'check that no audit row was changed, and name the first that was',
  help: `The relay may run meanwhile. Ends with 0 when all is proven, 1 when something is wrong, 3 when it holds but heads or key are missing.
--heads FILE      signed heads that were copied off this machine
--key KEY         thumbprint of the audit key, or a file with it as JWK (the relay's own)
--organisation ID only this organisation's chain; "server" for rows of none`,
  options: { heads: { type: 'string' }, key: { type: 'string' }, organisation: { type: 'string' } },
  positionals: { min: 0, max: 0 },
  run: input =>
    guard(async () => {
      const { heads, key, organisation } = input.values
      const thumbprint = (await readThumbprint(text(key))) ?? (await keyOf(input))?.thumbprint ?? null
      const check = { file: databaseOf(input), headsFile: text(heads), thumbprint, chain: text(organisation) }
      const { lines, code } = auditWords(await checkAudit(check))
      process.stdout.write(`${lines.join('\n')}\n`)
      process.exitCode = code
    }),
}

export const exportAudit: Command = {
  name: 'audit export',
  usage: '[FILE]',
  summary: 'write every audit row with its proofs as JSON lines',
  help: 'To standard output without FILE. "handhold verify audit FILE" checks it anywhere; what isn\'t sealed yet is in it too.',
  options: {},
  positionals: { min: 0, max: 1 },
  run: input =>
    guard(async () => {
      const { readDatabase } = await import('../verify/database-evidence.ts')
      const evidence = readDatabase(databaseOf(input))
      const [file] = input.positionals
      const out = file === undefined ? process.stdout : createWriteStream(file, { mode: 0o600 })
      try {
        await pipeline(Readable.from(linesOf(evidence)), out)
      } finally {
        evidence.close()
      }
    }),
}

export const showAuditKey: Command = {
  name: 'audit key',
  usage: '',
  summary: "print the audit key's public half and thumbprint, for auditors",
  help: 'Keep it away from this machine: who verifies with a key that came with the files proves nothing.',
  options: {},
  positionals: { min: 0, max: 0 },
  run: async input => {
    const key = await keyOf(input)
    if (!key) throw new StartError('There is no audit key yet: start the relay once.')
    process.stderr.write(`thumbprint ${key.thumbprint}\n`)
    process.stdout.write(`${JSON.stringify(key.publicKey)}\n`)
  },
}

function* linesOf(evidence: RawEvidence): Generator<string> {
  const line = (value: ExportLine) => `${JSON.stringify(value)}\n`
  for (const { detail, ...row } of evidence.rows()) yield line({ type: 'row', ...row, detail: JSON.parse(detail) })
  for (const statement of evidence.tombstones) yield line({ type: 'tombstone', statement })
  for (const statement of evidence.heads) yield line({ type: 'head', statement })
}

function databaseOf({ env, configFile }: CommandInput): string {
  const file = join(resolve(loadConfig(env, configFile).config.dataDir), 'relay.db')
  if (existsSync(file)) return file
  throw new StartError(`There is no database ${file}. Set HANDHOLD_RELAY_DATA_DIR or --config as for the relay.`)
}

async function keyOf({ env, configFile }: CommandInput) {
  const file = auditKeyFile(loadConfig(env, configFile).config)
  return existsSync(file) ? openAuditKey(file) : undefined
}

async function guard(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (thrown) {
    throw thrown instanceof VerifyError ? new StartError(thrown.message, { cause: thrown }) : thrown
  }
}

const text = (value: string | boolean | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

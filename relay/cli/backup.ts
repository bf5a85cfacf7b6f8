import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { loadConfig } from '../config/load.ts'
import { StartError } from '../start-error.ts'
import { backUp, CopyError, type CopyFacts, checkCopy, putBack } from '../store/backup.ts'
import { SqliteStore } from '../store/store.ts'
import { systemClock } from '../system-clock.ts'
import type { Command, CommandInput } from './command.ts'

const SHA256 = /^[0-9a-f]{64}$/

export const backup: Command = {
  name: 'backup',
  usage: 'FILE',
  summary: 'copy the database into a new file, checked; the relay may run meanwhile',
  help: `Prints the SHA-256 of the copy and its file name, as sha256sum does. The copy is of one moment, and every page and row of it was read again.
Keep pass-keys.json and identity-key of the data folder with it: devices pin the first, and the second opens sealed secrets.`,
  options: {},
  positionals: { min: 1, max: 1 },
  run: input =>
    guard(async () => {
      const file = databaseFile(input)
      if (!existsSync(file))
        throw new StartError(`There is no database ${file}. Set HANDHOLD_RELAY_DATA_DIR or --config.`)
      const target = resolve(input.positionals[0] ?? '')
      print(await backUp(file, target), target)
    }),
}

export const restore: Command = {
  name: 'restore',
  usage: '[--sha256 HEX] FILE',
  summary: "put a copy in the database's place; the relay has to be stopped",
  help: `The copy is checked first: refused when it is damaged, made by a newer relay, or not the one of --sha256.
The database that was there is kept beside, as relay.db.before-TIME. Devices that were removed since the copy are back in it; those
that enrolled since have to enrol again.`,
  options: { sha256: { type: 'string' } },
  positionals: { min: 1, max: 1 },
  run: input =>
    guard(async () => {
      const copy = resolve(input.positionals[0] ?? '')
      const facts = await checkCopy(copy)
      const { sha256 } = input.values
      if (sha256 !== undefined && (!SHA256.test(String(sha256)) || sha256 !== facts.sha256))
        throw new StartError(`${copy} has the SHA-256 ${facts.sha256}, not the one that was given.`)
      const file = databaseFile(input)
      const atMs = systemClock.nowMs()
      const kept = putBack(copy, file, new Date(atMs).toISOString().replace(/[:.]/g, '-'))
      await note(file, facts, atMs)
      print(facts, file)
      if (kept) process.stderr.write(`The database that was there is ${kept}\n`)
    }),
}

/** The restored audit says that it was restored: what came after the copy is missing from it. */
async function note(file: string, { sha256, rows }: CopyFacts, atMs: number): Promise<void> {
  const store = new SqliteStore(file)
  try {
    const actor = { kind: 'console' as const, account: userInfo().username }
    const entry = { organisationId: null, atMs, actor, action: 'relay.restored', subject: 'relay.db' }
    await store.write(tx => tx.audit({ ...entry, detail: { sha256, rows } }))
  } finally {
    await store.close()
  }
}

function print({ sha256, rows, schema }: CopyFacts, file: string): void {
  process.stderr.write(`checked: schema ${schema}, ${rows} rows\n`)
  process.stdout.write(`${sha256}  ${file}\n`)
}

const databaseFile = ({ env, configFile }: CommandInput): string =>
  join(resolve(loadConfig(env, configFile).config.dataDir), 'relay.db')

async function guard(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (thrown) {
    throw thrown instanceof CopyError ? new StartError(thrown.message, { cause: thrown }) : thrown
  }
}

import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { loadConfig } from '../config/load.ts'
import { type PassKeyState, passKeyFile, readPassKeys, writePassKeys } from '../keys/pass-key-file.ts'
import { rotated } from '../keys/rotate-pass-key.ts'
import { StartError } from '../start-error.ts'
import { SqliteStore } from '../store/store.ts'
import { systemClock } from '../system-clock.ts'
import type { Command, CommandInput } from './command.ts'

export const listKeys: Command = {
  name: 'keys list',
  usage: '',
  summary: 'list the keys that sign passes, by name and age',
  help: 'Public facts alone: no command and no route tells a private key.',
  options: {},
  positionals: { min: 0, max: 0 },
  run: async input => {
    const { current, sinceMs, previous } = await keysOf(input)
    const lines = [`${current.kid}  signs  since ${time(sinceMs)}`]
    if (previous && previous.untilMs > systemClock.nowMs())
      lines.push(`${previous.kid}  accepted  until ${time(previous.untilMs)}`)
    process.stdout.write(`${lines.join('\n')}\n`)
  },
}

export const rotateKeys: Command = {
  name: 'keys rotate',
  usage: '[--now]',
  summary: 'let a new key sign passes; devices take it over by themselves',
  help: `A running relay follows within two seconds. The old key's last signature hands over to the new one: devices that are connected take it at once, the others
when they come back. What the old key signed stays good for its quarter of an hour, and so long there is no third key.
--now  the old key may be in other hands: nothing that it signed is good any more, and live sessions end.`,
  options: { now: { type: 'boolean' } },
  positionals: { min: 0, max: 0 },
  run: async input => {
    const before = await keysOf(input)
    const nowMs = systemClock.nowMs()
    const isAtOnce = input.values.now === true
    if (!isAtOnce) requireOneAlone(before, nowMs)
    const after = await rotated(before, { nowMs, isAtOnce })
    // First the row: a rotation that the audit doesn't know must not be.
    await note(input, { from: before.current.kid, to: after.current.kid, isAtOnce }, nowMs)
    writePassKeys(fileOf(input), after)
    process.stdout.write(`${after.current.kid} signs from now on.\n`)
    if (after.previous)
      process.stdout.write(`${after.previous.kid} is accepted until ${time(after.previous.untilMs)}.\n`)
  },
}

/** Two keys are live at a time: a third would take the first from passes that are good yet. */
function requireOneAlone({ previous }: PassKeyState, nowMs: number): void {
  if (previous && previous.untilMs > nowMs)
    throw new StartError(
      `The key before, ${previous.kid}, is accepted until ${time(previous.untilMs)}. Wait until then, or use --now, which ends what both signed.`,
    )
}

async function note(input: CommandInput, detail: Record<string, unknown>, atMs: number): Promise<void> {
  const file = join(dataDirOf(input), 'relay.db')
  const store = StartError.guard(`The database ${file} can't be opened`, () => new SqliteStore(file))
  try {
    const actor = { kind: 'console' as const, account: userInfo().username }
    const entry = { organisationId: null, atMs, actor, action: 'keys.rotated', subject: 'pass-keys' }
    await store.write(tx => tx.audit({ ...entry, detail }))
  } finally {
    await store.close()
  }
}

async function keysOf(input: CommandInput): Promise<PassKeyState> {
  const file = fileOf(input)
  const state = existsSync(file) ? await readPassKeys(file) : undefined
  if (state) return state
  throw new StartError(`There are no keys in ${file}: start the relay once, or set HANDHOLD_RELAY_DATA_DIR as for it.`)
}

const dataDirOf = ({ env, configFile }: CommandInput): string => resolve(loadConfig(env, configFile).config.dataDir)
const fileOf = (input: CommandInput): string => passKeyFile(dataDirOf(input))
const time = (atMs: number): string => new Date(atMs).toISOString()

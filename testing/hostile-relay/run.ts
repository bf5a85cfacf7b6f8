import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Mode } from './rig.ts'

const PLAYER = fileURLToPath(new URL('player.ts', import.meta.url))
/** A player that dies over and over is no accident of the addon's. */
const PLAYERS_MAX = 8

const resultSchema = z.object({ name: z.string(), opened: z.number(), frames: z.number(), calls: z.number() })
export type AttackResult = z.infer<typeof resultSchema>
const lineSchema = z.discriminatedUnion('kind', [
  resultSchema.extend({ kind: z.enum(['honest', 'control', 'attack']) }),
  z.object({ kind: z.literal('proof'), proofMs: z.number() }),
  z.object({ kind: z.literal('count'), attacks: z.number() }),
])

export interface HarnessResult {
  /** Without an attack: what the attacks have to be measured against. */
  readonly honest: readonly AttackResult[]
  /** A relay that mints everything, at a device of a plain organisation: there it comes in. */
  readonly controls: readonly AttackResult[]
  readonly attacks: readonly AttackResult[]
  /** From the connection to the moment in which both ends were proven, of each honest session, milliseconds. */
  readonly proofMs: readonly number[]
}

type Collected = { [Key in keyof HarnessResult]: HarnessResult[Key][number][] }

export interface HarnessOptions {
  readonly mode: Mode
  /** `own`: of a strict organisation's attacks only those that need one. Default: all. */
  readonly set?: 'all' | 'own'
  /** Sessions that go undisturbed before. */
  readonly honestRuns: number
  /** After this long an attack that is neither refused nor through is given up by the relay. */
  readonly settleMs: number
  /** So many devices and relays share the attacks, side by side: most of an attack's time is waiting. Default 1. */
  readonly shares?: number
}

/** Every known attack against a real device and the operator app's own code; each counts once it was played to its end. Throws when players keep dying. */
export async function runHostileRelay(options: HarnessOptions): Promise<HarnessResult> {
  const result: Collected = { honest: [], controls: [], attacks: [], proofMs: [] }
  const { shares = 1 } = options
  await Promise.all(Array.from({ length: shares }, (_, share) => playShare(options, `${share}/${shares}`, result)))
  return result
}

/** One share of them, by as many players as it takes. */
async function playShare(options: HarnessOptions, share: string, result: Collected): Promise<void> {
  const { mode, set = 'all', honestRuns, settleMs } = options
  let count = Number.POSITIVE_INFINITY
  let played = 0
  for (let players = 0; played < count; players++) {
    if (players >= PLAYERS_MAX) throw new Error(`only ${played} attacks of share ${share} could be played`)
    await startPlayer([mode, set, honestRuns, settleMs, share, played], text => {
      const line = lineSchema.parse(JSON.parse(text))
      if (line.kind === 'count') count = line.attacks
      else if (line.kind === 'proof') result.proofMs.push(line.proofMs)
      else ({ honest: result.honest, control: result.controls, attack: result.attacks })[line.kind].push(line)
      if (line.kind === 'attack') played++
    })
  }
}

/** Resolves when it has ended, however that was; nothing that it started lives on. */
async function startPlayer(how: readonly (string | number)[], onLine: (text: string) => void): Promise<void> {
  const args = [PLAYER, ...how.map(String)]
  const player = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  createInterface({ input: player.stdout }).on('line', onLine)
  await once(player, 'close')
  try {
    if (player.pid !== undefined) process.kill(-player.pid, 'SIGKILL')
  } catch {
    // Its group is empty.
  }
}

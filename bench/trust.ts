import { mutateTokens } from '#testing/mutated-tokens.ts'
import type { BenchResult } from './result.ts'
import { benchHostileRelay } from './trust/hostile-relay.ts'
import { benchKills } from './trust/kill-relay.ts'
import { benchVerify } from './trust/verify-rows.ts'

const MUTATED_TOKENS = 100_000
const SEED = 1

/** What makes relay and audit believable: what a hostile relay gets, what changed tokens get, how long the proof and the check take, and what a killed relay leaves. */
export async function benchTrust(): Promise<BenchResult> {
  const { proofMs, ...hostile } = await benchHostileRelay()
  const verify = await benchVerify()
  const { json, effects, restartMaxMs } = await benchKills()
  const mutated = await mutateTokens(MUTATED_TOKENS, SEED)
  const figures = { proofMs, ...verify.json, ...hostile, ...json, ...mutated }
  return { rows: [{ ...figures, 'effects written': effects, 'longest restart, ms': restartMaxMs }], json: figures }
}

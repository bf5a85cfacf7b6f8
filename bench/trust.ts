import type { BenchResult } from './result.ts'
import { benchKills } from './trust/kill-relay.ts'
import { benchVerify } from './trust/verify-rows.ts'

/** What makes the audit believable: how long it takes to check, and what a killed relay leaves. */
export async function benchTrust(): Promise<BenchResult> {
  const verify = await benchVerify()
  const { json, effects, restartMaxMs } = await benchKills()
  const figures = { ...verify.json, ...json }
  return { rows: [{ ...figures, 'effects written': effects, 'longest restart, ms': restartMaxMs }], json: figures }
}

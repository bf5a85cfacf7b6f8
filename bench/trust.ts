import { mutateTokens } from '#testing/mutated-tokens.ts'
import type { BenchResult } from './result.ts'
import { benchHostileRelay } from './trust/hostile-relay.ts'
import { benchKills } from './trust/kill-relay.ts'
import { readTrustSize } from './trust/options.ts'
import { benchVerify } from './trust/verify-rows.ts'

const SEED = 1

/** What makes relay and audit believable: what a hostile relay gets, what changed tokens get, how long the proof and the check take, and what a killed relay leaves. */
export async function benchTrust(args: readonly string[]): Promise<BenchResult> {
  const { kills, tokens } = readTrustSize(args)
  const figures = {
    ...(await told('a hostile relay', benchHostileRelay)),
    ...(await told('the verifier', benchVerify)),
    ...(await told('kills', () => benchKills(kills))),
    ...(await told('changed tokens', () => mutateTokens(tokens, SEED))),
  }
  return { rows: Object.entries(figures).map(([what, value]) => ({ what, value })), json: figures }
}

/** It takes its time: whoever waits sees how far it is. */
async function told<T>(what: string, part: () => Promise<T>): Promise<T> {
  const startedAtMs = performance.now()
  const figures = await part()
  console.error(`${what}: ${Math.round((performance.now() - startedAtMs) / 1000)} s`)
  return figures
}

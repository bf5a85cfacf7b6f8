import { randomBytes } from 'node:crypto'
import { idFromBytes } from '#protocol/ids.ts'
import { CLOCK_LEEWAY_S } from '#protocol/limits.ts'
import { deviceMark, RUN_ORDER, type RunOrder } from '#protocol/scripts/run-order.ts'
import { signStatement } from '#protocol/trust/signed.ts'
import type { SeedKey } from '../trust/seed-key.ts'

export interface OrderWish
  extends Pick<
    RunOrder,
    'organisationId' | 'operatorId' | 'digest' | 'tool' | 'values' | 'reason' | 'timeLimitS' | 'sealKey'
  > {
  readonly deviceIds: readonly string[]
  readonly waitMs: number
}

/** This app's word that a script is to run: which text, with which values, where, and until when. */
export async function signRunOrder(
  key: Pick<SeedKey, 'privateKey' | 'publicKey'>,
  { deviceIds, waitMs, ...wish }: OrderWish,
  nowMs: number,
): Promise<string> {
  const runId = idFromBytes('scriptRun', randomBytes(16))
  // In the order of the marks: the order of the devices is nobody's business.
  const devices = (await Promise.all(deviceIds.map(deviceId => deviceMark(runId, deviceId)))).toSorted()
  const issuedAtMs = nowMs - CLOCK_LEEWAY_S * 1000
  const claims: RunOrder = { version: 1, runId, ...wish, devices, issuedAtMs, expiresAtMs: issuedAtMs + waitMs }
  return signStatement(RUN_ORDER, claims, key.privateKey, key.publicKey)
}

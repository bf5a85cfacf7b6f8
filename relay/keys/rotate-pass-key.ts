import { type CryptoKey, importPKCS8 } from 'jose'
import { CLOCK_LEEWAY_S, PASS_TTL_S } from '#protocol/limits.ts'
import { KEY_HANDOVER } from '#protocol/trust/key-handover.ts'
import { signStatement } from '#protocol/trust/signed.ts'
import { newPem, type PassKeyState, pemOf, stateOf } from './pass-key-file.ts'

/** What was signed by the old key until a moment ago has run out by then. */
const OVERLAP_MS = (PASS_TTL_S + CLOCK_LEEWAY_S) * 1000

export interface Rotation {
  readonly nowMs: number
  /** The old key may be in other hands: nothing that it signed is good any more. */
  readonly isAtOnce: boolean
}

/** The keys after a rotation. The old one's last signature is the hand-over by which devices take the new one; then its private half is forgotten. */
export async function rotated(state: PassKeyState, { nowMs, isAtOnce }: Rotation): Promise<PassKeyState> {
  const next = await stateOf(newPem())
  const untilMs = nowMs + OVERLAP_MS
  const signer: CryptoKey = await importPKCS8(pemOf(state.privateKey), 'EdDSA')
  // Zero is over by every clock, also by that of a device that is slow.
  const claims = { version: 1 as const, next: next.current, previousUntilMs: isAtOnce ? 0 : untilMs }
  const handover = await signStatement(KEY_HANDOVER, claims, signer, state.current)
  return {
    ...next,
    sinceMs: nowMs,
    previous: isAtOnce ? null : { ...state.current, untilMs },
    handovers: [...state.handovers, handover],
    revokedBeforeMs: isAtOnce ? nowMs : state.revokedBeforeMs,
  }
}

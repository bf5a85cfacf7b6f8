import { z } from 'zod'
import { HandholdError } from '../errors.ts'
import { passVerificationKeySchema, thumbprintOf } from '../keys.ts'
import { readStatement, type StatementKind } from './signed.ts'

/** More rotations than anybody makes between two visits of a device; an older one has to enrol again. */
export const HANDOVERS_MAX = 16
/** A device knows its relay's newest key, the one before, and few more for as long as they were promised. */
export const PINNED_KEYS_MAX = 4

const epochMs = z.number().int().nonnegative()

const handoverSchema = z.object({
  version: z.literal(1),
  next: passVerificationKeySchema,
  /** Until then what the signer of this signed is still good; 0: nothing is that any key before `next` signed. */
  previousUntilMs: epochMs,
})
export type KeyHandover = z.infer<typeof handoverSchema>

/** "The key after me is this one": the only way in which a device takes another key of its relay than those of its enrolment. */
export const KEY_HANDOVER: StatementKind<KeyHandover> = {
  typ: 'handhold-key-handover+jws',
  claims: handoverSchema,
  // All of them together fit into one frame.
  maxLength: 900,
}
export const handoversSchema = z.array(z.string().min(1).max(KEY_HANDOVER.maxLength)).max(HANDOVERS_MAX)

/** A key of the relay as a device holds it. Without an end it is the newest. */
export const pinnedKeySchema = passVerificationKeySchema.extend({ untilMs: epochMs.optional() })
export type PinnedKey = z.infer<typeof pinnedKeySchema>

/**
 * What is pinned after these hand-overs, oldest first: each counts only when a key that is good now signed it, or one that this same list has just brought.
 * Throws `signature-invalid` for what isn't a hand-over; one of a stranger's key changes nothing.
 */
export async function followHandovers(
  pinned: readonly PinnedKey[],
  handovers: readonly string[],
  nowMs: number,
): Promise<PinnedKey[]> {
  let keys = pinned.filter(key => isGood(key, nowMs))
  for (const text of handovers) {
    const { claims, key } = await readStatement(KEY_HANDOVER, text)
    const signer = keys.find(candidate => candidate.x === key.x && candidate.untilMs === undefined)
    if (!signer || keys.some(candidate => candidate.x === claims.next.x)) continue
    if ((await thumbprintOf(claims.next)).slice(0, claims.next.kid.length) !== claims.next.kid) throw notItsName()
    const older = [{ ...signer, untilMs: claims.previousUntilMs }, ...keys.filter(other => other !== signer)]
    keys = [claims.next, ...(claims.previousUntilMs === 0 ? [] : older)]
  }
  return keys.filter(key => isGood(key, nowMs)).slice(0, PINNED_KEYS_MAX)
}

export const isGood = ({ untilMs }: PinnedKey, nowMs: number): boolean => untilMs === undefined || nowMs < untilMs

const notItsName = () => new HandholdError('signature-invalid', 'The key that is handed over has another key’s name.')

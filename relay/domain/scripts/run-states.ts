import { HandholdError } from '#protocol/errors.ts'
import type { RunState } from '#protocol/scripts/runs-http.ts'

const NEXT: Readonly<Record<RunState, readonly RunState[]>> = {
  awaiting: ['queued', 'refused', 'cancelled', 'expired'],
  // Also because the policy came to want a second person.
  queued: ['sent', 'awaiting', 'refused', 'cancelled', 'expired'],
  // Back to the queue: the device was gone before it had it.
  sent: ['running', 'queued', 'refused', 'failed', 'cancelled'],
  running: ['done', 'failed', 'cancelled'],
  done: [],
  failed: [],
  refused: [],
  cancelled: [],
  expired: [],
}

export const isRunOver = (state: RunState): boolean => NEXT[state].length === 0

export const canMove = (from: RunState, to: RunState): boolean => NEXT[from].includes(to)

/** Throws `illegal-transition`. */
export function requireMove(from: RunState, to: RunState): void {
  if (!canMove(from, to))
    throw new HandholdError('illegal-transition', `This run can’t become ${to}: it is ${from} on this device.`)
}

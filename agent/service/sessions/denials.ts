import { join } from 'node:path'
import { z } from 'zod'
import { DENIALS_MAX, DENIALS_WINDOW_MS } from '#protocol/limits.ts'
import { askAgainAtMs } from '#protocol/session/denials.ts'
import type { Clock } from '../../links/clock.ts'
import { readStateFile, writeStateFile } from '../state/state-file.ts'

const fileSchema = z.record(z.string().max(80), z.array(z.number()).max(DENIALS_MAX))
/** A relay that makes up operators must not fill the disk; the oldest are forgotten. */
const OPERATORS_MAX = 200

/** Whom the person at this device refused, and when: kept over restarts, and counted whatever the relay says. */
export interface Denials {
  /** Until when the operator may not ask here; null when they may. */
  blockedUntilMs(operatorId: string): number | null
  /** Holds at once; the disk follows. */
  record(operatorId: string): void
}

export async function openDenials(stateDir: string, clock: Clock): Promise<Denials> {
  const path = join(stateDir, 'denials.json')
  const text = await readStateFile(path)
  const known = new Map(Object.entries(parse(text)))
  let saved: Promise<void> = Promise.resolve()
  return {
    blockedUntilMs: operatorId => askAgainAtMs(known.get(operatorId) ?? [], clock.wallMs()),
    record(operatorId) {
      const nowMs = clock.wallMs()
      const times = [...(known.get(operatorId) ?? []), nowMs].slice(-DENIALS_MAX)
      known.delete(operatorId)
      known.set(operatorId, times)
      for (const [id, [newest = 0]] of [...known].map(([key, own]) => [key, own.toReversed()] as const))
        if (nowMs - newest > 2 * DENIALS_WINDOW_MS || known.size > OPERATORS_MAX) known.delete(id)
      const content = JSON.stringify(Object.fromEntries(known))
      // What is in memory holds until the next start even where the disk is full.
      saved = saved.then(() => writeStateFile(path, content)).catch(() => undefined)
    },
  }
}

function parse(text: string | undefined): z.infer<typeof fileSchema> {
  try {
    return fileSchema.parse(JSON.parse(text ?? '{}'))
  } catch {
    return {}
  }
}

import { join } from 'node:path'
import { z } from 'zod'
import { type Ed25519PublicJwk, ed25519PublicJwkSchema } from '#protocol/keys.ts'
import { organisationOrderClaimsSchema } from '#protocol/trust/strict/organisation-order.ts'
import type { Standing } from '#protocol/trust/strict/standing.ts'
import { readStateFile, removeStateFile, writeStateFile } from '../state/state-file.ts'

/** More hand-overs than anybody makes. */
const HISTORY_MAX = 50

const pinSchema = z.object({
  version: z.literal(1),
  key: ed25519PublicJwkSchema,
  order: organisationOrderClaimsSchema.nullable(),
  /** What the configuration said when the key was taken from it: another one there is a new word of this machine's administrator. */
  configured: ed25519PublicJwkSchema.nullable(),
  history: z
    .array(
      z.object({
        key: ed25519PublicJwkSchema,
        how: z.enum(['configuration', 'enrolment', 'relay', 'hand-over']),
        atMs: z.number().int(),
      }),
    )
    .max(HISTORY_MAX),
})
export type Pin = z.infer<typeof pinSchema>
export type HowPinned = Pin['history'][number]['how']

const fileOf = (stateDir: string): string => join(stateDir, 'organisation-key.json')

/** The key that this device holds its organisation to; undefined while it knows none. Rejects when the file is damaged: starting anew would take any key. */
export async function readPin(stateDir: string): Promise<Pin | undefined> {
  const path = fileOf(stateDir)
  const text = await readStateFile(path)
  if (text === undefined) return undefined
  try {
    return pinSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new Error(`${path} is damaged. Restore it, or run "handhold-agent organisation-key reset".`, { cause })
  }
}

/** Durable when it resolves. */
export const writePin = (stateDir: string, pin: Pin): Promise<void> =>
  writeStateFile(fileOf(stateDir), JSON.stringify(pin))

/** From here on the device takes the next key that it is shown. Idempotent. */
export const removePin = (stateDir: string): Promise<void> => removeStateFile(fileOf(stateDir))

/** The pin with a standing that may have another key than before. */
export function withStanding(pin: Pin | undefined, standing: Standing, how: HowPinned, atMs: number): Pin {
  const { configured = null, history = [] } = pin ?? {}
  const { key, order } = standing
  const isNew = pin?.key.x !== key.x
  return {
    version: 1,
    key,
    order,
    configured,
    history: isNew ? [...history, { key, how, atMs }].slice(-HISTORY_MAX) : history,
  }
}

/** The configuration's key, which nobody but this machine's administrator can set: it stands in place of whatever was pinned. */
export function pinConfigured(pin: Pin | undefined, configured: Ed25519PublicJwk, atMs: number): Pin {
  if (pin?.configured?.x === configured.x) return pin
  // The same key as the one that is pinned keeps what it said.
  const order = pin?.key.x === configured.x ? pin.order : null
  return { ...withStanding(pin, { key: configured, order }, 'configuration', atMs), configured }
}

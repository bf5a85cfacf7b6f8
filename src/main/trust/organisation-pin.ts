import { z } from 'zod'
import { HandholdError, toWireError, type WireError } from '#protocol/errors.ts'
import { ed25519PublicJwkSchema } from '#protocol/keys.ts'
import { organisationOrderClaimsSchema } from '#protocol/trust/strict/organisation-order.ts'
import { firstStanding, follow } from '#protocol/trust/strict/standing.ts'
import type { SecretStore } from '../shell/shell.ts'

const HISTORY_MAX = 50

const pinSchema = z.object({
  key: ed25519PublicJwkSchema,
  order: organisationOrderClaimsSchema.nullable(),
  history: z.array(z.object({ key: ed25519PublicJwkSchema, atMs: z.number().int() })).max(HISTORY_MAX),
})
export type OrganisationPin = z.infer<typeof pinSchema>

/** What this app holds its organisation to, with what is wrong with the relay's newest word, if something is. */
export interface SeenOrganisation {
  readonly pin: OrganisationPin | null
  readonly problem: WireError | null
}

/**
 * Takes what the relay hands on: the first key that it shows, and from then on only what that key, or one that it named, signed. Rejects when what was kept
 * is damaged.
 */
export async function seeOrganisation(
  secrets: SecretStore,
  { origin, organisationId }: { readonly origin: string; readonly organisationId: string },
  orders: readonly string[],
  nowMs: number,
): Promise<SeenOrganisation> {
  const name = `organisation-pin:${origin}:${organisationId}`
  const before = read(await secrets.get(name))
  let pin = before
  let problem: WireError | null = null
  for (const order of orders) {
    try {
      const { key, order: claims } = pin ? await follow(pin, order) : await firstStanding(order)
      const isNew = pin?.key.x !== key.x
      pin = {
        key,
        order: claims,
        history: [...(pin?.history ?? []), ...(isNew ? [{ key, atMs: nowMs }] : [])].slice(-HISTORY_MAX),
      }
    } catch (thrown) {
      // What is known already is no news.
      if (!(thrown instanceof HandholdError && thrown.code === 'organisation-order-stale'))
        problem = toWireError(thrown)
    }
  }
  if (pin && pin !== before) await secrets.set(name, JSON.stringify(pin))
  return { pin, problem }
}

/** For an organisation that has lost its key: the next one is taken. */
export const forgetOrganisationPin = (secrets: SecretStore, origin: string, organisationId: string): Promise<void> =>
  secrets.delete(`organisation-pin:${origin}:${organisationId}`)

function read(text: string | undefined): OrganisationPin | null {
  if (text === undefined) return null
  try {
    return pinSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new HandholdError('organisation-key-changed', 'What this app knows of the organisation’s key is damaged.', {
      cause,
    })
  }
}

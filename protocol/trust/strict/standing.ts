import { HandholdError } from '../../errors.ts'
import { type Ed25519PublicJwk, thumbprintOf } from '../../keys.ts'
import { keyWords } from '../key-words.ts'
import { readStatement } from '../signed.ts'
import { ORGANISATION_ORDER, type OrganisationOrder } from './organisation-order.ts'

/** What somebody holds an organisation to: the key that speaks for it, and the newest that it said. */
export interface Standing {
  readonly key: Ed25519PublicJwk
  /** Null: the key is known and has said nothing yet. Nobody is let in on that. */
  readonly order: OrganisationOrder | null
}

/** Only certified operators come in. A key that was pinned counts until it says otherwise itself. */
export const isStrict = ({ order }: Standing): boolean => order?.strict ?? true

/**
 * The standing after one more order. Throws `signature-invalid`, `organisation-key-changed` for another key's word, in words that name both, and
 * `organisation-order-stale` for what was said before.
 */
export async function follow(standing: Standing, text: string): Promise<Standing> {
  const { claims, key, thumbprint } = await readStatement(ORGANISATION_ORDER, text)
  const { order } = standing
  // Before the key is looked at: what was followed already comes again with every connection, also by the keys of then.
  if (order && claims.sequence <= order.sequence)
    throw new HandholdError('organisation-order-stale', `A newer order than number ${claims.sequence} is known here.`)
  if (thumbprint !== (await thumbprintOf(standing.key))) throw await otherKey(standing.key, key)
  if (order && claims.organisationId !== order.organisationId)
    throw new HandholdError('organisation-key-changed', 'The order is for another organisation.')
  return { key: claims.nextKey ?? standing.key, order: claims }
}

/** The standing of somebody who knows no key yet, by the first order that they see. Throws `signature-invalid`. */
export async function firstStanding(text: string): Promise<Standing> {
  const { key } = await readStatement(ORGANISATION_ORDER, text)
  return follow({ key, order: null }, text)
}

export const wordsOf = async (key: Ed25519PublicJwk): Promise<string> => keyWords(await thumbprintOf(key)).join(' ')

/** Says the expected key and the other one in words that two people can compare. */
export async function otherKey(expected: Ed25519PublicJwk, offered: Ed25519PublicJwk): Promise<HandholdError> {
  const [was, is] = await Promise.all([wordsOf(expected), wordsOf(offered)])
  return new HandholdError(
    'organisation-key-changed',
    `The organisation key expected here is: ${was}. Offered was: ${is}. Ask the administrator which words are theirs; nothing goes on with the other key.`,
  )
}

import { HandholdError } from '#protocol/errors.ts'
import { type Actor, userActor } from '../audit.ts'
import { type Author, groupNotFound } from '../policy/changes.ts'
import type { PolicySnapshot } from '../policy/snapshot.ts'

/** Throws `not-found` for a group that the author may not know of, `forbidden` where they don't manage its devices. */
export function requireManager(policy: PolicySnapshot, author: Author, groupId: string): void {
  if (!policy.group(groupId)) throw groupNotFound()
  if (author.kind === 'console') return
  const { id } = author.principal.user
  if (policy.grants(id, groupId)('manage-devices').allowed) return
  if (!policy.visible(id).has(groupId)) throw groupNotFound()
  throw new HandholdError('forbidden', 'None of your roles has "manage-devices" in this group. Ask an administrator.')
}

export const organisationOf = (author: Author): string =>
  author.kind === 'person' ? author.principal.organisation.id : author.organisationId

export const actorOf = (author: Author): Actor =>
  author.kind === 'person' ? userActor(author.principal.user) : author.actor

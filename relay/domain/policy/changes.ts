import { HandholdError } from '#protocol/errors.ts'
import type { AdministrationCapability, Capability } from '#protocol/policy/capabilities.ts'
import { type Actor, userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Principal } from '../principal.ts'
import type { Store, Writer } from '../store.ts'
import { authorityAnywhere } from './authority.ts'
import { rootGroupId } from './built-in.ts'
import type { Policies } from './policies.ts'
import type { Group } from './rules.ts'
import { requireAdministrators, requireSoundTree, requireWithinAuthority } from './safety.ts'
import { PolicySnapshot } from './snapshot.ts'

/** Who changes a policy: a person within their own rights, or whoever has the relay's database anyway. */
export type Author =
  | { readonly kind: 'person'; readonly principal: Principal }
  | { readonly kind: 'console'; readonly organisationId: string; readonly actor: Actor }

export interface AuditNote {
  readonly action: string
  readonly subject: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** What a piece of work on a policy gets: the transaction, the policy as it was, and the audit of what it does. */
export interface Change {
  readonly tx: Writer
  readonly organisationId: string
  readonly rootId: string
  readonly before: PolicySnapshot
  note(note: AuditNote): void
  /** The group, if the author may see it and has the right there. Throws `not-found` or `forbidden`. */
  requireGroup(groupId: string, right?: AdministrationCapability): Group
  /** The first of these that the author has nowhere, and so can't put into a role. */
  beyondAuthor(capabilities: readonly Capability[]): Capability | undefined
}

export interface ChangesParts {
  readonly store: Store
  readonly clock: Clock
  readonly policies: Policies
  /** Makes the change true for what lives already. */
  readonly settle: (organisationId: string) => Promise<void>
}

/** The one way in which a policy changes: work, checks of the whole result and audit in one transaction, so that a refusal leaves nothing behind. */
export class PolicyChanges {
  readonly #parts: ChangesParts

  constructor(parts: ChangesParts) {
    this.#parts = parts
  }

  /** Throws what `work` throws, `group-cycle`, `policy-invalid`, `last-administrator` or `role-exceeds-author`. */
  async apply<T>(author: Author, work: (change: Change) => Promise<T>): Promise<T> {
    const result = await this.#parts.store.write(tx => this.#run(author, tx, work))
    await this.#parts.settle(organisationOf(author))
    return result
  }

  /** The same with every check, and then nothing of it is kept. */
  async rehearse<T>(author: Author, work: (change: Change) => Promise<T>): Promise<T> {
    const rehearsal: { result?: { readonly value: T } } = {}
    const undo = new Error('Rehearsed')
    try {
      await this.#parts.store.write(async tx => {
        rehearsal.result = { value: await this.#run(author, tx, work) }
        throw undo
      })
    } catch (thrown) {
      if (thrown !== undo) throw thrown
    }
    if (!rehearsal.result) throw new Error('A rehearsal ended without a result')
    return rehearsal.result.value
  }

  async #run<T>(author: Author, tx: Writer, work: (change: Change) => Promise<T>): Promise<T> {
    const organisationId = organisationOf(author)
    const notes: AuditNote[] = []
    const before = await this.#parts.policies.of(organisationId, tx)
    const done = await work(changeOf(author, tx, before, notes))
    if (notes.length > 0) await this.#check(author, tx, before)
    const entry = { organisationId, atMs: this.#parts.clock.nowMs(), actor: actorOf(author) }
    for (const note of notes) await tx.audit({ ...entry, ...note })
    return done
  }

  async #check(author: Author, tx: Writer, before: PolicySnapshot): Promise<void> {
    const organisationId = organisationOf(author)
    const rootId = rootGroupId(organisationId)
    const after = new PolicySnapshot(await tx.policy.rows(organisationId))
    const members = await tx.policy.members(organisationId)
    requireSoundTree(after)
    requireAdministrators(
      after,
      rootId,
      members.map(({ id }) => id),
    )
    if (author.kind === 'person') requireWithinAuthority(before, after, author.principal.user.id, rootId, members)
  }
}

function changeOf(author: Author, tx: Writer, before: PolicySnapshot, notes: AuditNote[]): Change {
  const organisationId = organisationOf(author)
  return {
    tx,
    organisationId,
    rootId: rootGroupId(organisationId),
    before,
    note: note => void notes.push(note),
    requireGroup(groupId, right = 'manage-policy') {
      const group = before.group(groupId)
      if (!group) throw groupNotFound()
      if (author.kind === 'console') return group
      const { id } = author.principal.user
      if (before.grants(id, groupId)(right).allowed) return group
      if (!before.visible(id).has(groupId)) throw groupNotFound()
      throw new HandholdError('forbidden', `None of your roles has "${right}" in this group. Ask an administrator.`)
    },
    beyondAuthor(capabilities) {
      if (author.kind === 'console') return undefined
      const authority = authorityAnywhere(before, author.principal.user.id)
      return capabilities.find(capability => !authority.has(capability))
    },
  }
}

const organisationOf = (author: Author): string =>
  author.kind === 'person' ? author.principal.organisation.id : author.organisationId

const actorOf = (author: Author): Actor => (author.kind === 'person' ? userActor(author.principal.user) : author.actor)

export const groupNotFound = () => new HandholdError('not-found', 'There is no such group. Refresh the list of groups.')

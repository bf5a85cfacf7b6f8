import { HandholdError } from '#protocol/errors.ts'
import type { ScriptView } from '#protocol/scripts/http.ts'
import { type ScriptDefinition, scriptDigest } from '#protocol/scripts/script.ts'
import { userActor } from '../audit.ts'
import { type Chance, newId } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Policies } from '../policy/policies.ts'
import type { PolicySnapshot } from '../policy/snapshot.ts'
import type { Principal } from '../principal.ts'
import type { Store, Writer } from '../store.ts'
import { hasToolSomewhere, rightsOf } from './run-permits.ts'
import type { ScriptRecord } from './store.ts'

const SCRIPTS_MAX = 200

export interface ScriptsParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly policies: Policies
}

export interface ScriptWish {
  readonly name: string
  readonly description: string
  readonly definition: ScriptDefinition
  readonly roleId: string | null
}

/** The organisation's library: an administrator writes a script, another one approves it, and from then on it is what it is. */
export class Scripts {
  readonly #parts: ScriptsParts

  constructor(parts: ScriptsParts) {
    this.#parts = parts
  }

  /** Administrators see all; everybody else what they may run somewhere. */
  async list({ user, organisation, role }: Principal): Promise<ScriptView[]> {
    const all = await this.#parts.store.read.scripts.scripts(organisation.id)
    const policy = await this.#parts.policies.of(organisation.id)
    const isTheirs = (script: ScriptRecord) =>
      script.approvedBy !== null && hasToolSomewhere(policy, user.id, rightsOf(script))
    return all.filter(script => role === 'admin' || isTheirs(script)).map(script => viewOf(policy, script))
  }

  /** Throws `bad-request` where there are 200 already, and `not-found` for a role that isn't there. */
  async create(principal: Principal, wish: ScriptWish): Promise<ScriptView> {
    const { store, clock, chance, policies } = this.#parts
    const policy = await policies.of(principal.organisation.id)
    if (wish.roleId !== null && !policy.role(wish.roleId))
      throw new HandholdError('not-found', 'There is no such role. Refresh the list of roles.')
    const script: ScriptRecord = {
      id: newId('script', chance),
      organisationId: principal.organisation.id,
      ...wish,
      digest: await scriptDigest(wish.definition),
      authorId: principal.user.id,
      author: principal.user.name,
      createdAtMs: clock.nowMs(),
      approvedBy: null,
    }
    await store.write(async tx => {
      if ((await tx.scripts.scripts(script.organisationId)).length >= SCRIPTS_MAX)
        throw new HandholdError('bad-request', `There are ${SCRIPTS_MAX} scripts. Remove one first.`)
      await tx.scripts.insertScript(script)
      await this.#audit(tx, principal, 'script.created', script)
    })
    return viewOf(policy, script)
  }

  /** Throws `not-found`, `forbidden` for its own author, and `illegal-transition` for one that is approved. */
  async approve(principal: Principal, scriptId: string): Promise<ScriptView> {
    const { store, clock, policies } = this.#parts
    const policy = await policies.of(principal.organisation.id)
    return store.write(async tx => {
      const script = await requireOwn(tx, principal, scriptId)
      if (script.authorId === principal.user.id)
        throw new HandholdError('forbidden', 'Somebody else than its author has to approve a script.')
      if (script.approvedBy !== null) throw new HandholdError('illegal-transition', 'This script is approved already.')
      await tx.scripts.approveScript(scriptId, principal.user.name, clock.nowMs())
      await this.#audit(tx, principal, 'script.approved', script)
      return viewOf(policy, { ...script, approvedBy: principal.user.name })
    })
  }

  async remove(principal: Principal, scriptId: string): Promise<void> {
    await this.#parts.store.write(async tx => {
      const script = await requireOwn(tx, principal, scriptId)
      await tx.scripts.deleteScript(scriptId)
      await this.#audit(tx, principal, 'script.removed', script)
    })
  }

  /** For a grant. Throws `not-found` for what isn't there, or isn't approved. */
  async requireApproved(principal: Principal, scriptId: string): Promise<ScriptRecord> {
    const script = await requireOwn(this.#parts.store.read, principal, scriptId)
    if (script.approvedBy === null) throw missing()
    return script
  }

  #audit(
    tx: Writer,
    principal: Principal,
    action: string,
    { id, name, digest, author, roleId }: ScriptRecord,
  ): Promise<void> {
    return tx.audit({
      organisationId: principal.organisation.id,
      atMs: this.#parts.clock.nowMs(),
      actor: userActor(principal.user),
      action,
      subject: id,
      detail: { name, digest, author, ...(roleId !== null && { roleId }) },
    })
  }
}

async function requireOwn(read: Store['read'], principal: Principal, scriptId: string): Promise<ScriptRecord> {
  const script = await read.scripts.script(scriptId)
  if (script?.organisationId !== principal.organisation.id) throw missing()
  return script
}

const missing = () => new HandholdError('not-found', 'There is no such script to run.')

const viewOf = (policy: PolicySnapshot, { organisationId: _, authorId: __, ...view }: ScriptRecord): ScriptView => ({
  ...view,
  roleName: view.roleId === null ? null : (policy.role(view.roleId)?.name ?? null),
})

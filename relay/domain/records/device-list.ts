import type { PageQuery } from '#protocol/page-http.ts'
import { DEVICE_COUNT_MAX, type DeviceFilter } from '#protocol/records-http.ts'
import type { AgentGateway } from '../gateways.ts'
import { groupNotFound } from '../policy/changes.ts'
import type { Policies } from '../policy/policies.ts'
import type { PolicySnapshot } from '../policy/snapshot.ts'
import type { Principal } from '../principal.ts'
import { deviceView } from '../sessions/views.ts'
import type { Store } from '../store.ts'
import type { DeviceKey, DeviceQuery } from './store.ts'

export interface DeviceListParts {
  readonly store: Store
  readonly policies: Policies
  readonly agents: AgentGateway
}

/** The devices that a person may reach, found in the order and by the words that they ask for. */
export class DeviceList {
  readonly #parts: DeviceListParts

  constructor(parts: DeviceListParts) {
    this.#parts = parts
  }

  /**
   * At most one more than the page's limit. `total` is of the first page; one more than `DEVICE_COUNT_MAX` stands for every larger number.
   * Throws `not-found` for a group that the person may not know of.
   */
  async page(principal: Principal, filter: DeviceFilter, after: DeviceKey | undefined, { limit }: PageQuery) {
    const { store, agents } = this.#parts
    const query = await this.#query(principal, filter)
    if (!query) return { found: [], total: after ? null : 0 }
    const countMax = after ? undefined : DEVICE_COUNT_MAX + 1
    const { devices, total } = await store.read.records.page(query, { after, limit: limit + 1, countMax })
    const found = devices.map(device => ({ view: deviceView(device, agents.isOnline(device.id)), key: device.sortKey }))
    return { found, total }
  }

  async #query(principal: Principal, filter: DeviceFilter): Promise<DeviceQuery | null> {
    const policy = await this.#parts.policies.of(principal.organisation.id)
    const groupIds = groupsOf(policy, principal.user.id, filter.groupId)
    if (groupIds?.length === 0) return null
    return {
      organisationId: principal.organisation.id,
      groupIds,
      pendingGroupIds: pendingGroups(policy, principal.user.id),
      text: filter.q,
      tag: filter.tag,
      status: filter.status,
      platform: filter.platform,
      isOnline: filter.online === undefined ? undefined : filter.online === 'true',
      sort: filter.sort ?? 'name',
      isDescending: filter.order === 'descending',
    }
  }
}

/** Null stands for all groups, so that the question to the database stays short. */
function groupsOf(policy: PolicySnapshot, userId: string, within: string | undefined): string[] | null {
  const reachable = policy.reachable(userId)
  const isAll = reachable.size === policy.rows.groups.length
  if (within === undefined) return isAll ? null : [...reachable]
  if (!policy.visible(userId).has(within)) throw groupNotFound()
  const group = policy.group(within)
  if (isAll && group?.parentId === null) return null
  return [...reachable].filter(id => policy.path(id).some(above => above.id === within))
}

/** Where the person sees devices that nobody approved yet: where they could. */
function pendingGroups(policy: PolicySnapshot, userId: string): string[] | null {
  const managed = policy.managed(userId)
  return managed.size === policy.rows.groups.length ? null : [...managed]
}

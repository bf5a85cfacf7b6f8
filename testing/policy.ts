import type { Capability } from '#protocol/policy/capabilities.ts'
import {
  assignmentReplySchema,
  assignmentsReplySchema,
  groupReplySchema,
  groupsReplySchema,
  roleReplySchema,
} from '#protocol/policy/http.ts'
import { refusalOf } from '#protocol/problem.ts'
import type { TestRelay, TestReply } from './relay.ts'

/** An organisation's policy over HTTP, as one person. Each call throws the code of its refusal. */
export class TestPolicy {
  readonly #relay: TestRelay
  readonly #token: string

  constructor(relay: TestRelay, token: string) {
    this.#relay = relay
    this.#token = token
  }

  async call(method: string, path: string, body?: unknown): Promise<TestReply> {
    const reply = await this.#relay.call(method, path, { token: this.#token, body })
    if (reply.status >= 400) throw new Error(refusalOf(reply.body)?.code)
    return reply
  }

  async groups() {
    return groupsReplySchema.parse((await this.call('GET', '/v1/groups')).body).groups
  }

  async rootId(): Promise<string> {
    const root = (await this.groups()).find(({ path }) => path === '/')
    if (!root) throw new Error('The topmost group is not visible')
    return root.id
  }

  async addGroup(name: string, parentId?: string): Promise<string> {
    const body = { name, parentId: parentId ?? (await this.rootId()) }
    return groupReplySchema.parse((await this.call('POST', '/v1/groups', body)).body).id
  }

  async addRole(name: string, capabilities: readonly Capability[]): Promise<string> {
    return roleReplySchema.parse((await this.call('POST', '/v1/roles', { name, capabilities })).body).id
  }

  async assign(
    userId: string | null,
    roleId: string,
    groupId: string,
    effect: 'allow' | 'deny' = 'allow',
  ): Promise<string> {
    const body = { userId, roleId, groupId, effect }
    return assignmentReplySchema.parse((await this.call('POST', '/v1/assignments', body)).body).id
  }

  async assignments(userId?: string) {
    const { assignments } = assignmentsReplySchema.parse((await this.call('GET', '/v1/assignments')).body)
    return userId === undefined ? assignments : assignments.filter(row => row.userId === userId)
  }

  /** Takes everything that the person was given. */
  async clear(userId: string): Promise<void> {
    for (const { id } of await this.assignments(userId)) await this.call('DELETE', `/v1/assignments/${id}`)
  }

  async move(deviceId: string, groupId: string): Promise<void> {
    await this.call('PUT', `/v1/devices/${deviceId}/group`, { groupId })
  }

  async set(groupId: string, set: object, inherit: string[] = []): Promise<void> {
    await this.call('PATCH', `/v1/groups/${groupId}/settings`, { set, inherit })
  }
}

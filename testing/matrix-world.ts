import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { enrolmentTokenReplySchema } from '#protocol/enrolment-http.ts'
import { meReplySchema, sessionReplySchema } from '#protocol/http.ts'
import { apiKeyReplySchema, invitationReplySchema, operatorSessionsReplySchema } from '#protocol/identity-http.ts'
import { scriptReplySchema } from '#protocol/scripts/http.ts'
import type { SessionState } from '#protocol/session/state.ts'
import { deliveryReplySchema, webhookReplySchema } from '#protocol/webhooks-http.ts'
import { makeTestKey } from './keys.ts'
import { TestPolicy } from './policy.ts'
import type { TestRelay } from './relay.ts'
import { TestScripts } from './script-runs.ts'

interface Ids {
  /** Where the operators of the world have a role. */
  readonly near: string
  /** In a group that they know nothing of. */
  readonly far: string
  /** One that was there. Nothing takes away a session, and passes and runs go only by their age: these are zeros, which were never there. */
  readonly deleted: string
  readonly random: string
}

/** One organisation with two groups, people with few rights in one of them, something of each kind in both, and a second organisation. */
export interface Cast {
  readonly tokens: Readonly<
    Record<'other tenant' | 'other group' | 'deleted' | 'random' | 'own without the right', string>
  >
  /** By the name of the parameter that takes them. */
  readonly ids: Readonly<Record<string, Ids>>
  /** What the second organisation has of its own: beside it somebody else's stands out. */
  readonly others: Readonly<Record<string, string>>
  /** The order of a run of the approved script on these devices, as this person's app signs it. */
  readonly order: (token: string, deviceIds: readonly string[]) => Promise<string>
  /** What a route's query must have to be valid. */
  readonly queries: Readonly<Record<string, string>>
}

const zeros = '0'.repeat(26)
const GROUP = `grp_${zeros}`
const DEVICE = `dev_${zeros}`
const SCRIPT_ID = `scr_${zeros}`
const OPERATOR_KEY = { kty: 'OKP', crv: 'Ed25519', x: 'x'.repeat(43) }
/** Far enough to ask for a tool. */
const ACTIVE: SessionState = {
  name: 'active',
  scopes: ['view', 'control', 'shell'],
  untilMs: Number.MAX_SAFE_INTEGER,
  mode: 'control',
}
const SCRIPT = {
  name: 'Who am I',
  description: 'Says who it runs as',
  definition: { tool: 'shell', program: 'sh', text: 'id', parameters: [] },
}

/** A valid body for each route that takes an id, in its path or in its body, and for some others: without it a refusal would only show that bodies are checked. */
export const SAMPLE_BODIES: Readonly<Record<string, unknown>> = {
  'POST /v1/approvals/:sessionId': { approve: true },
  'PATCH /v1/operators/:userId': { role: 'admin' },
  'PUT /v1/devices/:deviceId/group': { groupId: GROUP },
  'POST /v1/devices/:deviceId/notes': { text: 'Another' },
  'PUT /v1/devices/:deviceId/tags': { tags: ['lab'] },
  'PUT /v1/devices/:deviceId/status': { status: 'quarantined' },
  'PATCH /v1/groups/:groupId': { name: 'Renamed' },
  'PATCH /v1/groups/:groupId/settings': { set: { unattended: true } },
  'PUT /v1/roles/:roleId': { name: 'Renamed', capabilities: ['view'] },
  'POST /v1/sessions/:sessionId/scopes': { scopes: ['shell'] },
  'PUT /v1/sessions/:sessionId/note': { text: 'Cartridge swapped' },
  'POST /v1/sessions/:sessionId/grants': { tool: 'shell' },
  'POST /v1/sessions/:sessionId/watch': {
    key: OPERATOR_KEY,
    sealKey: { kty: 'OKP', crv: 'X25519', x: 'x'.repeat(43) },
  },
  'POST /v1/script-runs/:scriptRunId/answer': { approve: true },
  'POST /v1/scripts': SCRIPT,
  'POST /v1/script-runs': { scriptId: SCRIPT_ID, deviceIds: [DEVICE], order: 'order' },
  'POST /v1/sessions': {
    deviceId: DEVICE,
    reason: 'Because',
    ticket: null,
    scopes: ['view'],
    operatorKey: OPERATOR_KEY,
  },
  'POST /v1/assignments': { userId: `usr_${zeros}`, roleId: 'operator', groupId: GROUP, effect: 'allow' },
  'POST /v1/operators': { name: 'Bob', email: 'bob@example.org', password: 'long enough for him', role: 'operator' },
  'POST /v1/enrolment-tokens': { maxUses: 1, expiresInS: 60, groupId: GROUP },
  'POST /v1/invitations': { email: 'new@example.org', role: 'operator' },
  'POST /v1/groups': { name: 'New', parentId: GROUP },
  'POST /v1/roles': { name: 'New', capabilities: ['view'] },
  'POST /v1/api-keys': { name: 'New', scopes: ['devices:read'], expiresInDays: 1 },
  'POST /v1/device-filters': { name: 'New', filter: {} },
  'PUT /v1/retention': { auditDays: null, historyDays: null, recordingDays: null },
  'POST /v1/webhooks': { url: 'https://example.org/hook', events: ['device.enrolled'], description: 'New' },
  'POST /v1/failed-deliveries/replay': {},
  'POST /v1/sign-in': { email: 'ada@example.org', password: 'correct horse battery' },
}

export async function castOf(relay: TestRelay): Promise<Cast> {
  const ada = await relay.signIn()
  const policy = new TestPolicy(relay, ada)
  const [near, far, gone] = [await policy.addGroup('Near'), await policy.addGroup('Far'), await policy.addGroup('Gone')]
  const looker = await policy.addRole('Looker', ['view'])
  const keeper = await policy.addRole('Keeper', ['view', 'manage-devices', 'manage-policy', 'read-audit'])
  const goneRole = await policy.addRole('Gone', ['view'])
  const [lou, max, zoe] = [await operator('lou'), await operator('max'), await operator('zoe')]
  for (const { user } of [lou, max]) await policy.clear(user.id)
  await policy.assign(lou.user.id, keeper, near)
  const nearAssignment = await policy.assign(max.user.id, looker, near)
  const farAssignment = await policy.assign(zoe.user.id, looker, far)
  const goneAssignment = await policy.assign(zoe.user.id, goneRole, far)
  const devices = [await device(near), await device(far), await device(near)] as const
  const spare = await device(near)
  const sessions = [await session(devices[0]), await session(devices[1])] as const
  const scripts = await TestScripts.approved(relay)
  const tokens = [await enrolmentToken(near), await enrolmentToken(far), await enrolmentToken(near)] as const
  const invitations = [await invitation('in1'), await invitation('in2')] as const
  const keys = [await apiKey(), await apiKey()] as const
  const webhooks = [await webhook(), await webhook()] as const
  const gus = await operator('gus')
  const goneToken = await relay.signIn()
  const logins = [await loginOf(ada), await loginOf(goneToken)] as const
  const me = (await personOf(ada)).operatorId
  const passkeys = [insertPasskey(relay, me, '1'), insertPasskey(relay, me, '2')] as const
  const unapproved = scriptReplySchema.parse((await policy.call('POST', '/v1/scripts', SCRIPT)).body).script.id
  const notes = [await note('A note'), await note('Gone')] as const
  const filters = [await filter('Mine'), await filter('Gone')] as const
  const helpIds = insertHelp(relay, [devices[0], devices[1], spare])
  await policy.call('DELETE', `/v1/assignments/${goneAssignment}`)
  for (const path of [`devices/${devices[2]}`, `groups/${gone}`, `roles/${goneRole}`, `enrolment-tokens/${tokens[2]}`])
    await policy.call('DELETE', `/v1/${path}`)
  for (const path of [
    `invitations/${invitations[1]}`,
    `api-keys/${keys[1]}`,
    `webhooks/${webhooks[1].id}`,
    `operators/${gus.user.id}`,
    `operator-sessions/${logins[1]}`,
    `passkeys/${passkeys[1]}`,
    `scripts/${unapproved}`,
    `devices/${devices[0]}/notes/${notes[1]}`,
    `device-filters/${filters[1]}`,
  ])
    await policy.call('DELETE', `/v1/${path}`)
  await policy.call('POST', `/v1/help/${helpIds[2]}/take`)
  const scriptId = scripts.script.id
  const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
  const others = await thingsOf(other)
  activate(relay, [sessions[0], others.sessionId])
  const ids = (kind: string, nearId: string, farId: string, deleted = `${kind}_${zeros}`): Ids => ({
    near: nearId,
    far: farId,
    deleted,
    random: `${kind}_${'z'.repeat(26)}`,
  })
  return {
    tokens: {
      'other tenant': other,
      'other group': await relay.signIn(lou),
      deleted: ada,
      random: ada,
      'own without the right': await relay.signIn(max),
    },
    ids: {
      deviceId: ids('dev', devices[0], devices[1], devices[2]),
      groupId: ids('grp', near, far, gone),
      roleId: ids('rol', looker, looker, goneRole),
      assignmentId: ids('asg', nearAssignment, farAssignment, goneAssignment),
      sessionId: ids('ses', sessions[0], sessions[1]),
      enrolmentTokenId: ids('ent', tokens[0], tokens[1], tokens[2]),
      userId: ids('usr', zoe.user.id, zoe.user.id, gus.user.id),
      loginId: ids('lgn', logins[0], logins[0], logins[1]),
      invitationId: ids('inv', invitations[0], invitations[0], invitations[1]),
      passkeyId: ids('pky', passkeys[0], passkeys[0], passkeys[1]),
      webhookId: ids('whk', webhooks[0].id, webhooks[0].id, webhooks[1].id),
      webhookDeliveryId: ids('whd', webhooks[0].deliveryId, webhooks[0].deliveryId, webhooks[1].deliveryId),
      apiKeyId: ids('key', keys[0], keys[0], keys[1]),
      passId: ids('pas', insertPass(relay, '1', sessions[0]), insertPass(relay, '2', sessions[1])),
      noteId: ids('not', notes[0], notes[0], notes[1]),
      scriptId: ids('scr', scriptId, scriptId, unapproved),
      scriptRunId: ids('run', ...insertRuns(relay, scriptId, devices)),
      filterId: ids('flt', filters[0], filters[0], filters[1]),
      helpId: ids('hlp', ...helpIds),
    },
    others,
    order: async (token, deviceIds) => (await scripts.order(deviceIds, await personOf(token))).order,
    queries: {},
  }

  async function operator(name: string) {
    return relay.addOperator(ada, `${name}@example.org`)
  }
  async function enrolmentToken(groupId: string): Promise<string> {
    const body = { maxUses: 1, expiresInS: 3600, groupId }
    return enrolmentTokenReplySchema.parse((await policy.call('POST', '/v1/enrolment-tokens', body)).body).id
  }
  async function device(groupId: string): Promise<string> {
    const { deviceId } = await relay.enrol(await relay.mintEnrolmentToken(ada))
    await policy.move(deviceId, groupId)
    return deviceId
  }
  async function session(deviceId: string, by = policy): Promise<string> {
    const { publicKey: operatorKey } = await makeTestKey()
    const body = { deviceId, reason: 'Because', ticket: null, scopes: ['view'], operatorKey }
    return sessionReplySchema.parse((await by.call('POST', '/v1/sessions', body)).body).session.id
  }
  async function thingsOf(token: string) {
    const theirs = new TestPolicy(relay, token)
    const { deviceId } = await relay.enrol(await relay.mintEnrolmentToken(token))
    const { operatorId: userId } = await personOf(token)
    const groupId = await theirs.addGroup('Theirs')
    return { userId, groupId, deviceId, roleId: 'operator', sessionId: await session(deviceId, theirs) }
  }
  async function personOf(token: string) {
    const { user, organisation } = meReplySchema.parse((await relay.call('GET', '/v1/me', { token })).body)
    return { operatorId: user.id, organisationId: organisation.id }
  }
  async function invitation(name: string): Promise<string> {
    const body = { email: `${name}@example.org`, role: 'operator' }
    return invitationReplySchema.parse((await policy.call('POST', '/v1/invitations', body)).body).invitation.id
  }
  async function apiKey(): Promise<string> {
    const body = { name: 'Key', scopes: ['devices:read'], expiresInDays: 1 }
    return apiKeyReplySchema.parse((await policy.call('POST', '/v1/api-keys', body)).body).apiKey.id
  }
  async function webhook() {
    const body = { url: 'https://example.org/hook', events: ['device.enrolled'], description: 'Desk' }
    const made = webhookReplySchema.parse((await policy.call('POST', '/v1/webhooks', body)).body)
    const ping = await policy.call('POST', `/v1/webhooks/${made.webhook.id}/ping`)
    return { id: made.webhook.id, deliveryId: deliveryReplySchema.parse(ping.body).delivery.id }
  }
  async function newId(path: string, body: unknown): Promise<string> {
    return z.object({ id: z.string() }).parse((await policy.call('POST', path, body)).body).id
  }
  function note(text: string) {
    return newId(`/v1/devices/${devices[0]}/notes`, { text })
  }
  function filter(name: string) {
    return newId('/v1/device-filters', { name, filter: {} })
  }
  async function loginOf(token: string): Promise<string> {
    const reply = await relay.call('GET', '/v1/operator-sessions', { token })
    const login = operatorSessionsReplySchema.parse(reply.body).operatorSessions.find(({ current }) => current)
    if (!login) throw new Error('Ada is not signed in')
    return login.id
  }
}

/** Straight into the database: the way there takes devices that answer. */
function activate(relay: TestRelay, sessionIds: readonly string[]): void {
  const database = new Sqlite(join(relay.dataDir, 'relay.db'))
  const set = database.prepare('update session set state = ?, state_name = ? where id = ?')
  for (const id of sessionIds) set.run(JSON.stringify(ACTIVE), ACTIVE.name, id)
  database.close()
}

/** Issued, unused, and good for long. */
function insertPass(relay: TestRelay, letter: string, sessionId: string): string {
  const id = `pas_${letter.repeat(26)}`
  const database = new Sqlite(join(relay.dataDir, 'relay.db'))
  database.prepare('insert into pass values (?, ?, ?, 0)').run(id, sessionId, Number.MAX_SAFE_INTEGER)
  database.close()
  return id
}

/** The first administrator's, one on each of two devices. */
function insertRuns(relay: TestRelay, scriptId: string, deviceIds: readonly string[]): [near: string, far: string] {
  const runs = [`run_${'1'.repeat(26)}`, `run_${'2'.repeat(26)}`] as const
  const database = new Sqlite(join(relay.dataDir, 'relay.db'))
  const run = database.prepare(
    `insert into script_run select ?, organisation_id, author_id, json_object('id', author_id, 'name', author, 'email', 'ada@example.org'), id, name,
     digest, definition, '{}', 60, 'order', null, ?, 1, 2, null, 'Because' from script where id = ?`,
  )
  const device = database.prepare(
    `insert into script_run_device (run_id, device_id, device_name, device_key, state)
     select ?, id, name, key, 'expired' from device where id = ?`,
  )
  for (const [index, id] of runs.entries()) {
    run.run(id, 'x'.repeat(43), scriptId)
    device.run(id, deviceIds[index])
  }
  database.close()
  return [...runs]
}

/** Straight into the database: making one takes an authenticator, and only whose it is matters here. */
function insertPasskey(relay: TestRelay, userId: string, letter: string): string {
  const id = `pky_${letter.repeat(26)}`
  const database = new Sqlite(join(relay.dataDir, 'relay.db'))
  database.prepare("insert into passkey values (?, ?, ?, 'key', 0, '[]', 'Mine', 1, null)").run(id, userId, letter)
  database.close()
  return id
}

/** Straight into the database: asking takes a connected device, whose presence would change beside the cases. */
function insertHelp(relay: TestRelay, deviceIds: readonly [string, string, string]): [string, string, string] {
  const database = new Sqlite(join(relay.dataDir, 'relay.db'))
  const until = Date.now() + 86_400_000
  const insert = database.prepare(
    "insert into help_request select id, ?, organisation_id, 'queue', null, 'petra', 'Help', 1, ? from device where id = ?",
  )
  const ids: [string, string, string] = [`hlp_${'1'.repeat(26)}`, `hlp_${'2'.repeat(26)}`, `hlp_${'3'.repeat(26)}`]
  for (const [index, id] of ids.entries()) insert.run(id, until, deviceIds[index])
  database.close()
  return ids
}

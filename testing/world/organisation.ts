import { join } from 'node:path'
import { enrolmentTokenReplySchema, enrolReplySchema } from '#protocol/enrolment-http.ts'
import { meReplySchema } from '#protocol/http.ts'
import type { Capability } from '#protocol/policy/capabilities.ts'
import { scriptReplySchema } from '#protocol/scripts/http.ts'
import type { ScriptRun } from '#protocol/scripts/run-grant.ts'
import { type WebhookEvent, webhookReplySchema } from '#protocol/webhooks-http.ts'
import { indexSessions } from '../../relay/domain/sessions/index-sessions.ts'
import { SqliteStore } from '../../relay/store/store.ts'
import type { AuthState } from '../../src/ipc/operator.ts'
import { setupAdmin } from '../../src/main/admin/admin.ts'
import { setupDevices } from '../../src/main/devices/devices.ts'
import { setupScriptRuns } from '../../src/main/scripts/script-runs.ts'
import { State } from '../../src/main/state.ts'
import { setupDevicePins } from '../../src/main/trust/device-pins.ts'
import { setupOperatorTrust } from '../../src/main/trust/operator-trust.ts'
import { setupOrganisationAdmin } from '../../src/main/trust/organisation-admin.ts'
import { enrolBody } from '../enrol-body.ts'
import { makeTestKey } from '../keys.ts'
import { memorySecrets } from '../memory-secrets.ts'
import { TestPolicy } from '../policy.ts'
import { type AgentSocket, TestRelay, type TestRelayOptions } from '../relay.ts'
import { SAMPLE_INVENTORY } from '../sample-inventory.ts'
import { type PlayedScript, playScript } from '../script-device.ts'
import { fillHistory } from '../session-history.ts'
import { fillDeliveries, GATEWAY_OUTCOMES } from '../webhook-history.ts'

export const HEAD = { name: 'Amira Haddad', email: 'amira@northwind.example', password: 'four quiet green lamps' }
const ORGANISATION = 'Northwind Traders'

const PEOPLE = [
  ['Ben Okafor', 'ben.okafor', 'admin'],
  ['Clara Lindqvist', 'clara.lindqvist', 'operator'],
  ['Daniel Meier', 'daniel.meier', 'operator'],
  ['Eszter Kovács', 'eszter.kovacs', 'operator'],
  ['Farid Rahimi', 'farid.rahimi', 'operator'],
  ['Greta Nowak', 'greta.nowak', 'operator'],
  ['Hiroshi Tanaka', 'hiroshi.tanaka', 'operator'],
  ['Inês Carvalho', 'ines.carvalho', 'operator'],
] as const

const PASSWORD = 'nine purple teapots here'

const SCRIPTS = [
  {
    name: 'Free disk space',
    description: 'Says how full the disks are, and fails where one is nearly full',
    definition: {
      ...{ tool: 'shell-user', program: 'sh' },
      text: 'df -h --output=target,pcent,avail\ntest "$(df --output=pcent / | tail -n 1 | tr -dc 0-9)" -lt "$LIMIT"',
      parameters: [{ name: 'LIMIT', label: 'Nearly full at, in percent', kind: { type: 'number', min: 1, max: 100 } }],
    },
  },
  {
    name: 'Restart the print queue',
    description: 'Restarts CUPS and clears what is stuck',
    definition: {
      ...{ tool: 'shell', program: 'bash' },
      text: 'set -e\ncancel -a "$PRINTER"\nsystemctl restart cups\nlpstat -p "$PRINTER"',
      parameters: [
        {
          name: 'PRINTER',
          label: 'Printer',
          kind: { type: 'choice', choices: ['front-desk', 'back-office', 'labels'] },
        },
      ],
    },
  },
  {
    name: 'Install security updates',
    description: 'Unattended upgrades, now',
    definition: {
      ...{ tool: 'shell', program: 'bash' },
      text: 'set -euo pipefail\napt-get update -q\nunattended-upgrade --verbose',
      parameters: [],
    },
  },
]

const PRINTING = `Stopping CUPS\nCancelled 14 jobs of front-desk\nStarting CUPS\nWaiting for front-desk to answer, 1 of 30\nWaiting for front-desk to answer, 2 of 30\n`

/** By the device's place in the roll-out. */
const playedScript = (index: number, script: string): PlayedScript =>
  script === 'Restart the print queue' && index % 4 !== 2
    ? { output: PRINTING, exitCode: 0, durationMs: 2_310, isUnending: index % 4 === 1 }
    : index % 4 === 2
      ? { output: 'Mounted on Use% Avail\n/           97%  3.1G\n', exitCode: 1, durationMs: 184 }
      : {
          output: 'Mounted on Use% Avail\n/           41%  118G\n/home       63%  310G\n',
          exitCode: 0,
          durationMs: 131,
        }

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Branches: ['Berlin', 'Hamburg', 'Lisbon', 'Malmö'],
  Kiosks: ['Airports', 'Stores'],
  Offices: ['Finance', 'Sales'],
  Warehouse: [],
}

const scriptNameOf = ({ definition: { text } }: ScriptRun): string =>
  SCRIPTS.find(({ definition }) => definition.text === text)?.name ?? ''

const ROLES: Readonly<Record<string, readonly Capability[]>> = {
  'Service desk': ['view', 'control', 'clipboard-in', 'chat', 'annotate'],
  'Kiosk team': ['view', 'control', 'files-in', 'restart', 'unattended'],
  'Second level': ['view', 'control', 'clipboard-in', 'clipboard-out', 'files-in', 'shell', 'processes', 'services'],
  Auditor: ['read-audit'],
}

const SYSTEMS = [
  { platform: 'win32', osName: 'Windows 11 Pro 24H2' },
  { platform: 'linux', osName: 'Debian GNU/Linux 13 (trixie)' },
  { platform: 'linux', osName: 'Ubuntu 24.04.2 LTS' },
  { platform: 'darwin', osName: 'macOS 15.5' },
] as const

/** A believable organisation on a real relay, made through its own routes. */
export class TestOrganisation {
  readonly relay: TestRelay
  readonly token: string
  readonly policy: TestPolicy
  /** Group ids by path. */
  readonly groups = new Map<string, string>()
  readonly roles = new Map<string, string>()
  readonly people = new Map<string, string>()
  /** One app that everybody uses. */
  readonly #appSecrets = memorySecrets()

  private constructor(relay: TestRelay, token: string) {
    this.relay = relay
    this.token = token
    this.policy = new TestPolicy(relay, token)
  }

  static async start(
    options: Pick<TestRelayOptions, 'clock' | 'allowLoopbackWebhooks'> = {},
  ): Promise<TestOrganisation> {
    const relay = await TestRelay.start({ ...options, withoutAdmin: true })
    const body = { ...HEAD, secret: relay.bootstrapSecret ?? '', organisationName: ORGANISATION }
    await relay.call('POST', '/v1/bootstrap', { body })
    return new TestOrganisation(relay, await relay.signIn(HEAD))
  }

  /** Groups with settings, roles, people who have them, invitations, keys and tokens. */
  async furnish(): Promise<void> {
    await this.#addGroups()
    for (const [name, capabilities] of Object.entries(ROLES))
      this.roles.set(name, await this.policy.addRole(name, capabilities))
    await this.#addPeople()
    await this.policy.set(this.groupId('/Kiosks'), { unattended: true, clipboard: 'off', idleMinutes: 15 })
    await this.policy.set(this.groupId('/Kiosks/Airports'), { endLock: 'lock', maintenanceScreen: true })
    const hours = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '07:00', to: '19:00', timeZone: 'Europe/Berlin' }
    await this.policy.set(this.groupId('/Offices'), { hours, consentSeconds: 20 })
    const invite = (email: string, role: string) => this.policy.call('POST', '/v1/invitations', { email, role })
    await invite('jonas.weber@northwind.example', 'operator')
    await invite('katarina.horvat@northwind.example', 'admin')
    const key = (name: string, scopes: string[], expiresInDays: number) =>
      this.policy.call('POST', '/v1/api-keys', { name, scopes, expiresInDays })
    await key('Ticket system', ['devices:read', 'sessions:write'], 180)
    await key('Inventory import', ['devices:read', 'devices:write'], 90)
    await key('Audit archive', ['audit:read', 'people:read'], 365)
  }

  /** Where two other programs are told what happens, and what the first was told. */
  async addWebhooks(): Promise<void> {
    const add = async (description: string, url: string, events: readonly WebhookEvent[]) => {
      const { body } = await this.policy.call('POST', '/v1/webhooks', { description, url, events })
      return webhookReplySchema.parse(body).webhook.id
    }
    const tickets = await add('Ticket system', 'https://tickets.northwind.example/handhold', [
      'session.requested',
      'session.ended',
    ])
    await add('Asset register', 'https://assets.northwind.example/hooks/devices', ['device.moved', 'device.removed'])
    const push = await add('Push gateway', 'https://push.northwind.example/wake', ['device.connect-wanted'])
    await fillDeliveries(this.relay.dataDir, tickets, Date.now())
    await fillDeliveries(this.relay.dataDir, push, Date.now(), GATEWAY_OUTCOMES)
  }

  /** An identity provider, written straight into the database: nobody asks this issuer. */
  async addSingleSignOn(): Promise<void> {
    const { state } = await this.window()
    const store = new SqliteStore(join(this.relay.dataDir, 'relay.db'))
    const provider = {
      organisationId: state.auth.organisation.id,
      issuer: 'https://login.northwind.example',
      clientId: 'handhold',
      sealedClientSecret: '',
      domains: ['northwind.example', 'northwind.test'],
      createsAccounts: true,
    }
    await store.write(tx => tx.identity.setProvider(provider, Date.now()))
    await store.close()
  }

  /** The apps of some people, which make their keys known as an app does. */
  async addOperatorApps(): Promise<void> {
    for (const [index, [, mailbox]] of PEOPLE.slice(0, 4).entries()) {
      const token = await this.signIn(mailbox)
      const me = meReplySchema.parse((await this.relay.call('GET', '/v1/me', { token })).body)
      const credentials = new State({ origin: this.relay.url, token })
      const state = new State<AuthState>({ name: 'signed-in', relayUrl: this.relay.url, ...me })
      const secrets = memorySecrets()
      const own = {
        auth: { state, credentials },
        secrets,
        pins: setupDevicePins(secrets),
        computer: `Desk ${index + 1}`,
      }
      await setupOperatorTrust(own).verification()
    }
  }

  /** What devices can be made to do without a session: two scripts that a second administrator approved, and one that waits. */
  async addScripts(): Promise<void> {
    await this.policy.set(this.groupId('/'), { unattended: true, scripts: 'tell' })
    const second = new TestPolicy(this.relay, await this.signIn('ben.okafor'))
    for (const script of SCRIPTS) {
      const { body } = await this.policy.call('POST', '/v1/scripts', script)
      const { id } = scriptReplySchema.parse(body).script
      if (script !== SCRIPTS.at(-1)) await second.call('POST', `/v1/scripts/${id}/approve`)
    }
  }

  /** People who run scripts at kiosks, where each run takes a second person; and a run that waits for one. */
  async addRunToAnswer(): Promise<void> {
    const kiosks = this.groupId('/Kiosks')
    const role = await this.policy.addRole('Script runners', ['view', 'control', 'shell-user', 'unattended'])
    for (const name of ['Hiroshi Tanaka', 'Inês Carvalho'])
      await this.policy.assign(this.people.get(name) ?? '', role, kiosks)
    await this.policy.set(kiosks, { approval: 'required' })
    const { admin, state } = await this.window(await this.signIn('hiroshi.tanaka'))
    const { scripts } = await admin.scriptLibrary(undefined)
    const script = scripts.find(({ name }) => name === 'Free disk space')
    const deviceIds = state.devices.devices.filter(({ name }) => name.startsWith('kiosk')).map(({ id }) => id)
    if (script)
      await admin.startScriptRun({
        ...{ scriptId: script.id, digest: script.digest, values: { LIMIT: '90' }, timeLimitS: 300, waitMs: 86_400_000 },
        ...{ deviceIds: deviceIds.slice(0, 12), reason: 'INC-2041: kiosks stop when their disk is full' },
      })
  }

  /** Ends what the head has ordered, so that the devices are free again. */
  async cancelRuns(): Promise<void> {
    const { admin } = await this.window()
    const { runs } = await admin.scriptRuns(undefined)
    for (const { id, operator } of runs) if (operator.email === HEAD.email) await admin.cancelScriptRun({ runId: id })
  }

  /** Devices through tokens of their groups, in turn. */
  async enrolDevices(names: readonly (readonly [name: string, groupPath: string])[]): Promise<void> {
    const tokens = new Map<string, string>()
    for (const [, path] of names) {
      if (tokens.has(path)) continue
      const body = {
        name: `Roll-out ${path.slice(1)}`,
        maxUses: 200,
        expiresInS: 14 * 86_400,
        groupId: this.groupId(path),
      }
      const { token } = enrolmentTokenReplySchema.parse(
        (await this.policy.call('POST', '/v1/enrolment-tokens', body)).body,
      )
      tokens.set(path, token)
    }
    for (const [index, [hostname, path]] of names.entries()) await this.#enrol(tokens.get(path) ?? '', hostname, index)
  }

  /** Sessions of a month, and some that live now. */
  async fillHistory(live: number): Promise<void> {
    const { state } = await this.window()
    const operators = PEOPLE.slice(1, 5)
    const operatorIds = operators.map(([name]) => this.people.get(name) ?? '')
    // Whoever had a session was signed in.
    for (const [, mailbox] of operators) await this.signIn(mailbox)
    const { dataDir } = this.relay
    const organisationId = state.auth.organisation.id
    fillHistory({
      dataDir,
      organisationId,
      devices: state.devices.devices,
      operatorIds,
      days: 30,
      nowMs: Date.now(),
      live,
    })
    const store = new SqliteStore(join(dataDir, 'relay.db'))
    await indexSessions(store)
    await store.close()
  }

  /** What a window's main process would have and answer for whoever has the token. */
  async window(token = this.token) {
    const me = meReplySchema.parse((await this.relay.call('GET', '/v1/me', { token })).body)
    const credentials = new State({ origin: this.relay.url, token })
    const devices = setupDevices(credentials, { onStale: () => undefined, onPatch: () => undefined })
    const listed = await devices.list({})
    const state = new State<AuthState>({ name: 'signed-in', relayUrl: this.relay.url, ...me })
    const auth = { state, credentials }
    const saved: string[] = []
    const saveFile = async ({ suggestedName, contents }: { suggestedName: string; contents: string }) => {
      saved.push(contents)
      return suggestedName
    }
    const secrets = this.#appSecrets
    const pins = setupDevicePins(secrets)
    const trust = setupOperatorTrust({ auth, secrets, pins, computer: 'Desk 4' })
    return {
      admin: {
        ...setupAdmin({
          credentials,
          shell: { saveFile },
          organisation: setupOrganisationAdmin({ auth, secrets: memorySecrets(), shell: { saveFile } }),
          scriptRuns: setupScriptRuns({ auth, secrets, trust, pins, shell: { saveFile } }),
        }),
        listDevices: devices.list,
      },
      /** What files hold that were saved. */
      saved,
      state: {
        auth: { name: 'signed-in' as const, relayUrl: 'https://relay.northwind.example', ...me },
        devices: { error: null, devices: listed.devices },
      },
    }
  }

  /** Of somebody else than the head, by the name of their mailbox. */
  signIn(mailbox: string): Promise<string> {
    return this.relay.signIn({ email: `${mailbox}@northwind.example`, password: PASSWORD })
  }

  /** Proves again who the head is. */
  async stepUp(): Promise<void> {
    await this.policy.call('POST', '/v1/me/step-up', { password: HEAD.password })
  }

  groupId(path: string): string {
    const id = this.groups.get(path)
    if (!id) throw new Error(`There is no group ${path}`)
    return id
  }

  async #enrol(token: string, hostname: string, index: number): Promise<void> {
    const key = await makeTestKey()
    const facts = { hostname, agentVersion: '0.1.0', ...(SYSTEMS[index % SYSTEMS.length] ?? SYSTEMS[0]) }
    const { body } = await this.policy.call('POST', '/v1/enrol', await enrolBody(token, key, facts))
    const { deviceId } = enrolReplySchema.parse(body)
    // Some machines are off.
    if (index % 5 === 3) return
    const socket: AgentSocket = await this.relay.openStrangerSocket(message => {
      if (message.type !== 'script.run') return
      // Once it has been acknowledged.
      const play = () =>
        playScript(socket, { deviceId, key }, message.run, playedScript(index, scriptNameOf(message.run)))
      setImmediate(() => void play().catch(() => undefined))
    })
    await socket.request({ ...(await this.relay.agentHello(socket, { deviceId, key })), facts })
    await socket.request({ type: 'device.inventory', inventory: SAMPLE_INVENTORY })
  }

  async #addGroups(): Promise<void> {
    this.groups.set('/', await this.policy.rootId())
    for (const [name, children] of Object.entries(GROUPS)) {
      const id = await this.policy.addGroup(name)
      this.groups.set(`/${name}`, id)
      for (const child of children) this.groups.set(`/${name}/${child}`, await this.policy.addGroup(child, id))
    }
  }

  async #addPeople(): Promise<void> {
    for (const [name, mailbox, role] of PEOPLE) {
      const account = { name, email: `${mailbox}@northwind.example`, password: PASSWORD, role }
      const { body } = await this.policy.call('POST', '/v1/operators', account)
      this.people.set(name, (body as { user: { id: string } }).user.id)
    }
    const give = (person: string, role: string, path: string, effect: 'allow' | 'deny' = 'allow') =>
      this.policy.assign(this.people.get(person) ?? '', this.roles.get(role) ?? role, this.groupId(path), effect)
    await give('Clara Lindqvist', 'Service desk', '/Branches')
    await give('Daniel Meier', 'Second level', '/Branches/Berlin')
    await give('Eszter Kovács', 'Kiosk team', '/Kiosks')
    await give('Farid Rahimi', 'Service desk', '/Offices')
    await give('Greta Nowak', 'Auditor', '/')
    await this.policy.assign(null, this.roles.get('Second level') ?? '', this.groupId('/Offices/Finance'), 'deny')
  }
}

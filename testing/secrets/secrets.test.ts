import { createPrivateKey, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { grantReplySchema } from '#protocol/tools/http.ts'
import { groupedPassword } from '#protocol/unattended/password.ts'
import type { RelayToAgent } from '#protocol/wire/agent.ts'
import type { RelayToOperator } from '#protocol/wire/operator.ts'
import { startTestAgent, type TestAgent } from '../agent.ts'
import { findFreePort } from '../free-port.ts'
import { PeerSession } from '../peer-session.ts'
import { TestPolicy } from '../policy.ts'
import type { Program } from '../program.ts'
import { ADMIN, TestRelay } from '../relay.ts'
import { startRelayProcess } from '../relay-process.ts'
import { TestSession } from '../relay-session.ts'
import { UnattendedOperator } from '../unattended-operator.ts'
import { type AppHome, makeAppHome, WindowlessApp } from '../windowless-app.ts'
import { startXDisplay, type XDisplay } from '../x-display.ts'
import { meetPeople } from './meet-people.ts'
import { SecretSearch } from './search.ts'

const METRICS_TOKEN = randomBytes(24).toString('hex')
const BOOTSTRAP_SECRET = randomBytes(24).toString('base64url')
const PASSPHRASE = 'a ferry over the river'
/** Everything that a run has and that nobody may find lying about. */
const KINDS = [
  'API key',
  'TURN credential',
  'access pass',
  'bootstrap secret',
  'enrolment token',
  'grant for a tool',
  'half a sign-in',
  'invitation',
  'key for coming back',
  'key of the app',
  'key of the audit',
  'key of the device',
  'key of the organisation',
  'key that opens a one-time password',
  'key that seals',
  'key that signs passes',
  'lease',
  'link for a password',
  'one-time password',
  'passphrase of the backup',
  'password',
  'proof of a session’s key',
  'proof of the key for coming back',
  'recovery code',
  'recovery phrase',
  'secret of a webhook',
  'secret of an authenticator app',
  'secret of an identity provider',
  'token for the metrics',
  'token of a sign-in',
]

let search: SecretSearch
let dataDir: string
let program: Program
let relay: TestRelay
let agent: TestAgent
let display: XDisplay
let home: AppHome
let app: WindowlessApp
let admin: string
let policy: TestPolicy
let deviceId: string
/** The file in which the operator wanted a pass. */
let savedAs: string
const ids: Record<string, string> = {}

beforeEach(async () => {
  search = new SecretSearch()
  dataDir = await mkdtemp(join(tmpdir(), 'handhold-secrets-'))
  const port = await findFreePort()
  program = await startRelayProcess({
    dataDir,
    port,
    bootstrapSecret: BOOTSTRAP_SECRET,
    environment: { HANDHOLD_RELAY_LOG_LEVEL: 'debug', HANDHOLD_RELAY_METRICS_TOKEN: METRICS_TOKEN },
    onLine: line => search.look('log of the relay', line),
  })
  const running = { url: `http://127.0.0.1:${port}`, bootstrapSecret: BOOTSTRAP_SECRET, close: () => program.stop() }
  relay = await TestRelay.around(running, dataDir)
  admin = await relay.signIn()
  policy = new TestPolicy(relay, admin)
  await policy.set(await policy.rootId(), { unattended: true })
  display = await startXDisplay({ width: 320, height: 240 })
  home = await makeAppHome()
})
afterEach(async () => {
  await app?.close()
  await home.remove()
  await agent?.stop()
  await relay.close()
  await display.stop()
})

async function meetDevice(): Promise<void> {
  const enrolmentToken = await relay.mintEnrolmentToken(admin)
  search.know('enrolment token', enrolmentToken)
  agent = await startTestAgent({ relayUrl: relay.url, enrolmentToken, display: display.name })
  await agent.line('the relay is connected')
  const stored = await readFile(join(agent.stateDir, 'identity.json'), 'utf8')
  const { key, enrolment } = JSON.parse(stored) as { key: { d: string }; enrolment: { deviceId: string } }
  search.know('key of the device', key.d, Buffer.from(key.d, 'base64url'))
  deviceId = ids.deviceId = enrolment.deviceId
}

/** With a person there, a tool, and an end. */
async function workWithAPerson(): Promise<void> {
  const session = await PeerSession.ask(relay, admin, { deviceId, scopes: ['view', 'control', 'shell-user'] })
  ids.sessionId = session.id
  await session.reach('granted')
  const pass = await session.pass()
  search.know('access pass', pass, signatureOf(pass))
  await session.join(pass)
  await session.peer.picture(() => true)
  await policy.call('POST', '/v1/me/step-up', { password: ADMIN.password })
  const { body } = await policy.call('POST', `/v1/sessions/${session.id}/grants`, { tool: 'shell-user' })
  const { grant } = grantReplySchema.parse(body)
  search.know('grant for a tool', grant, signatureOf(grant))
  knowTurn(session.operator.received)
  await lookAround()
  await session.end()
  session.close()
}

/** Without one: the password in the operator's own app, whose pass is kept as a file; and another one that opens. */
async function workAlone(): Promise<void> {
  app = await WindowlessApp.start(home)
  await app.calls.signIn({ relayUrl: relay.url, email: ADMIN.email, password: ADMIN.password })
  await app.online()
  search.know('token of a sign-in', home.secrets.kept.get('operator-token') ?? '')
  const wish = { deviceId, reason: 'Kiosk', ticketReference: null, scopes: ['view' as const], isUnattended: true }
  const { ticket } = await app.calls.startSession(wish)
  const { unattended } = await app.tab(ticket, tab => (tab.unattended?.password ?? null) !== null)
  knowPassword(unattended?.password ?? '')
  savedAs = (await app.calls.savePass({ ticket })).name ?? ''
  const { pass } = JSON.parse(await readFile(join(home.folder, savedAs), 'utf8')) as { pass: string }
  search.know('access pass', pass, signatureOf(pass))
  knowKept()
  await lookAround()
  await app.calls.endSession({ ticket })
  await app.tab(ticket, ({ state }) => state.name === 'closed')

  const operator = await UnattendedOperator.ask(relay, admin, { deviceId })
  const password = await operator.password()
  knowPassword(password)
  const ready = await operator.withPassword(password)
  search.know('access pass', ready.pass, signatureOf(ready.pass))
  await operator.enter(ready)
  await operator.peer.picture(() => true)
  knowTurn(operator.received)
  const first = await operator.keptWayIn()
  know32('key that opens a one-time password', first.key.d)
  know32('key for coming back', first.resumeKey)
  await lookAround()
  await operator.leave()
  const again = await operator.withResumeKey()
  search.know('access pass', again.pass, signatureOf(again.pass))
  search.know('proof of the key for coming back', again.attempt.secret.proof)
  await operator.enter(again)
  know32('key for coming back', (await operator.keptWayIn()).resumeKey)
  await operator.leave()
  await operator.close()
}

/** The organisation's key as an administrator's app makes, shows, saves and hands it over. */
async function trustOneKey(): Promise<void> {
  const { makeOrganisationKey, organisationPhrase, saveOrganisationBackup, handOverOrganisationKey } = app.calls
  await makeOrganisationKey()
  for (const hasNext of [true, false]) {
    const { words } = await organisationPhrase()
    search.know('recovery phrase', words.join(' '), JSON.stringify(words), words.join('\n'), words.join(','))
    const { name } = (await saveOrganisationBackup({ passphrase: PASSPHRASE })) ?? {}
    if (name !== undefined) await rename(join(home.folder, name), join(home.folder, `${words[0]}.json`))
    knowKept()
    if (hasNext) await handOverOrganisationKey()
  }
  search.know('passphrase of the backup', PASSPHRASE)
}

/** What only a device hears: its lease, and its own way through the relay. */
async function listenAsADevice(): Promise<void> {
  const session = await TestSession.connect(relay)
  await session.grant()
  const pass = await session.pass()
  search.know('access pass', pass, signatureOf(pass))
  const proof = await session.proof()
  search.know('proof of a session’s key', proof, signatureOf(proof))
  await session.join(pass, proof)
  await session.agent.request({ type: 'session.lease-request', sessionId: session.id, nonce: session.agentNonce })
  const { lease } = await session.agent.waitFor('session.lease')
  search.know('lease', lease, signatureOf(lease))
  await session.agent.waitFor('session.paths')
  knowTurn(session.agent.received)
  knowTurn(session.operator.received)
  search.know('token of a sign-in', session.token)
  await lookAround()
  await session.operator.request({ type: 'session.end', sessionId: session.id })
  await session.say({ type: 'torn-down' })
  await session.agent.close()
  await session.operator.close()
}

/** A key of 32 bytes as JSON Web Keys and this product write it, and as it is. */
function know32(name: string, text: string | null | undefined): void {
  const key = Buffer.from(text ?? '', 'base64url')
  expect([name, key.length]).toEqual([name, 32])
  search.know(name, text ?? '', key)
}

function knowTurn(said: readonly (RelayToAgent | RelayToOperator)[]): void {
  const paths = said.flatMap(message => (message.type === 'session.paths' ? message.paths.credentials : []))
  expect(paths.length).toBeGreaterThan(0)
  for (const { password } of paths) search.know('TURN credential', password, Buffer.from(password, 'base64url'))
}

/** What the operating system keeps for the app. */
function knowKept(): void {
  for (const [name, text] of home.secrets.kept)
    for (const [, seed] of text.matchAll(/"(?:seed|next|d|resumeKey)":"([\w-]{43})"/g))
      know32(name.startsWith('organisation-key') ? 'key of the organisation' : 'key of the app', seed)
}

const signatureOf = (token: string): string => token.split('.')[2] ?? ''
const knowPassword = (password: string) => {
  const bare = password.replace(/[^0-9A-Za-z]/g, '')
  search.know('one-time password', bare, bare.toLowerCase(), groupedPassword(bare))
}

/** What somebody sees who may look at everything but memory. */
async function lookAround(): Promise<void> {
  await search.lookInFiles('relay', dataDir)
  await search.lookInFiles('agent', agent.stateDir)
  await search.lookInFiles('app', home.folder)
  search.lookInProcesses('relay', program.pid)
  search.lookInProcesses('agent', agent.program.pid)
  const { paths } = (await relay.call('GET', '/v1/openapi.json')).body as { paths: Record<string, { get?: unknown }> }
  let asked = 0
  for (const [template, { get }] of Object.entries(paths)) {
    const path = template.replace(/\{(\w+)\}/g, (whole, name: string) => ids[name] ?? whole)
    if (!get || path.includes('{')) continue
    const reply = await relay.call('GET', path, { token: admin })
    if (reply.status === 200) asked++
    search.look(
      `reply of GET ${template}`,
      typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? ''),
    )
  }
  expect(asked).toBeGreaterThan(15)
}

it('A73 A115 A131 after a whole run no token, password, key or one-time password is in a database, its log, a program’s log, its last words, a reply, a command line or an environment, but where it belongs', {
  timeout: 180_000,
}, async () => {
  search.know('bootstrap secret', BOOTSTRAP_SECRET)
  search.know('token for the metrics', METRICS_TOKEN)
  search.know('password', ADMIN.password)
  search.know('token of a sign-in', admin)
  Object.assign(ids, await meetPeople({ relay, admin, search }))
  await meetDevice()
  await workWithAPerson()
  await workAlone()
  await trustOneKey()
  await listenAsADevice()
  for (const victim of [agent.program, program]) {
    victim.kill('SIGABRT')
    await victim.exited
  }
  for (const line of agent.lines) search.look('log of the agent', line)
  await search.lookInFiles('relay', dataDir)
  await search.lookInFiles('agent', agent.stateDir)
  const pem = (JSON.parse(await readFile(join(dataDir, 'pass-keys.json'), 'utf8')) as { current: { pem: string } })
    .current.pem
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' })
  search.know('key that signs passes', der, der.subarray(-32))
  const seal = await readFile(join(dataDir, 'identity-key'))
  search.know('key that seals', seal)
  const auditPem = await readFile(join(dataDir, 'audit-key.pem'), 'utf8')
  const auditDer = createPrivateKey(auditPem).export({ format: 'der', type: 'pkcs8' })
  search.know('key of the audit', auditDer, auditDer.subarray(-32))

  expect(search.known).toEqual(KINDS)
  expect(search.size).toBeGreaterThan(100_000)
  // Each of these is where its owner put it or keeps it; that they are found shows that the rest would be.
  expect(search.findings()).toEqual([
    `access pass: app/${savedAs}`,
    'bootstrap secret: environ of relay',
    'enrolment token: environ of agent',
    `handhold-pass+jwt: app/${savedAs}`,
    'key of the audit: relay/audit-key.pem',
    'key of the device: agent/identity.json',
    'key that seals: relay/identity-key',
    'key that signs passes: relay/pass-keys.json',
    'token for the metrics: environ of relay',
  ])
})

import { spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signProof } from '#protocol/proof.ts'
import { grantReplySchema } from '#protocol/tools/http.ts'
import { TOOLS, type Tool } from '#protocol/tools/tools.ts'
import { startTestAgent, type TestAgent } from '#testing/agent.ts'
import type { AnsweringPeer } from '#testing/answering-peer.ts'
import type { TestKey } from '#testing/keys.ts'
import { PeerSession } from '#testing/peer-session.ts'
import { TestPolicy } from '#testing/policy.ts'
import { processOf, processTree, survivors } from '#testing/process-tree.ts'
import { type OperatorSocket, TestRelay } from '#testing/relay.ts'
import { SmallDisk } from '#testing/small-disk.ts'
import { waitFor } from '#testing/wait-for.ts'
import { startXDisplay, type XDisplay } from '#testing/x-display.ts'

// The service is root, the session's host and the person are nobody: what a device with a service has, and what `runuser` makes of it.
const isRoot = process.getuid?.() === 0
const NOBODY = { uid: 65_534, gid: 65_534 }

let display: XDisplay
let relay: TestRelay
let agent: TestAgent | undefined
const sessions: PeerSession[] = []

beforeEach(async () => {
  display = await startXDisplay({ width: 640, height: 480 })
  relay = await TestRelay.start()
})
afterEach(async () => {
  for (const session of sessions.splice(0)) session.close()
  await agent?.stop()
  await relay.close()
  await display.stop()
})

interface Live {
  readonly token: string
  readonly operator: OperatorSocket
  readonly key: TestKey
  readonly peer: AnsweringPeer
  readonly sessionId: string
  readonly agentNonce: string
  send(message: object): void
  said(matches: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>
  output(): string
  grant(tool: Tool): Promise<{ grant: string; proof: string }>
  unlock(tool: Tool): Promise<void>
  end(): Promise<void>
}

/** A session of this person on the device, active, with everything that the policy lets them have. */
async function open(token: string, deviceId: string): Promise<Live> {
  const session = await PeerSession.open(relay, token, { deviceId, scopes: ['view', 'control', ...TOOLS] })
  sessions.push(session)
  const { id: sessionId, operator, key, peer } = session
  const agentNonce = (await session.reach('granted')).agentNonce ?? ''
  await peer.opened('tools')
  const live: Live = {
    token,
    operator,
    key,
    peer,
    sessionId,
    agentNonce,
    send: message => peer.send('tools', Uint8Array.from(Buffer.from(JSON.stringify(message)))),
    said: async matches => (await peer.message('tools', message => matches(message as never))) as never,
    output: () =>
      peer
        .received('tools')
        .map(message => message as { type: string; text?: string })
        .map(({ type, text }) => (type === 'output' ? (text ?? '') : ''))
        .join(''),
    async grant(tool) {
      const { body } = await relay.call('POST', `/v1/sessions/${sessionId}/grants`, { token, body: { tool } })
      const { grant, grantId } = grantReplySchema.parse(body)
      const claims = { sessionId, agentNonce, grantId }
      return { grant, proof: await signProof('grant', claims, key.privateKey, key.publicKey) }
    },
    async unlock(tool) {
      live.send({ type: 'unlock', tool, ...(await live.grant(tool)) })
      await live.said(({ type, tool: of, isUnlocked }) => type === 'state' && of === tool && isUnlocked === true)
    },
    end: () => session.end(),
  }
  return live
}

async function openDevice(): Promise<{ admin: string; deviceId: string }> {
  const admin = await relay.signIn()
  const operator = await relay.openOperatorSocket(admin)
  agent = await startTestAgent({
    relayUrl: relay.url,
    enrolmentToken: await relay.mintEnrolmentToken(admin),
    display: display.name,
    environment: { HANDHOLD_AGENT_DESKTOP_USER: JSON.stringify(NOBODY) },
  })
  const { device } = await operator.waitFor('device.changed', message => message.device.online)
  await operator.close()
  return { admin, deviceId: device.id }
}

const actionsOf = async (admin: string) => {
  const { body } = await relay.call('GET', '/v1/audit?limit=200', { token: admin })
  return JSON.stringify(body)
}

describe.runIf(isRoot)('tools in a session', () => {
  it('are root’s in the elevated shell and the user’s in the other one; each tool is used for real', {
    timeout: 90_000,
  }, async () => {
    const { admin, deviceId } = await openDevice()
    const live = await open(admin, deviceId)
    for (const tool of ['shell', 'shell-user'] as const) {
      await live.unlock(tool)
      live.send({ type: 'open', tool, request: 1, shell: 'sh', columns: 80, rows: 24 })
      const { terminal } = (await live.said(({ type, tool: of }) => type === 'opened' && of === tool)) as never as {
        terminal: { terminal: number }
      }
      const expected = tool === 'shell' ? 'as-root-in-elevated' : 'as-nobody-in-user'
      const level = tool === 'shell' ? 'elevated' : 'user'
      live.send({ type: 'input', tool, terminal: terminal.terminal, data: `echo as-$(id -un)-in-${level}\n` })
      await waitFor(expected, () => live.output().includes(expected), 15_000)
    }

    await live.unlock('processes')
    const victim = spawn('/bin/sleep', ['987'], { detached: true })
    live.send({ type: 'list', tool: 'processes', request: 1, list: 'live' })
    type Row = { pid: number; startTicks: number; command: string; isProtected: boolean }
    const rows = () =>
      live.peer
        .received('tools')
        .flatMap(message =>
          (message as { type: string }).type === 'processes' ? (message as { rows: Row[] }).rows : [],
        )
    await waitFor('the victim to be listed', () => rows().some(({ pid }) => pid === victim.pid), 15_000)
    const row = rows().find(({ pid }) => pid === victim.pid) as Row
    const service = rows().find(({ pid }) => pid === agent?.program.pid)
    expect([row.command, service?.isProtected]).toEqual(['/bin/sleep 987', true])
    const act = (request: number, process: object, verb = 'end') =>
      live.send({ type: 'act', tool: 'processes', request, action: { verb, process } })
    act(11, { pid: row.pid, startTicks: row.startTicks - 1 })
    expect(await live.said(({ request }) => request === 11)).toMatchObject({ code: 'process-changed' })
    act(12, { pid: service?.pid, startTicks: service?.startTicks }, 'force-end')
    expect(await live.said(({ request }) => request === 12)).toMatchObject({ code: 'process-protected' })
    const ended = new Promise(resolve => victim.once('exit', resolve))
    act(13, { pid: row.pid, startTicks: row.startTicks })
    expect(await live.said(({ request }) => request === 13)).toMatchObject({ type: 'done' })
    await ended

    // The user's own tool, and then the elevated one, on what doesn't go when it is asked to.
    await live.unlock('processes-user')
    const deaf = spawn('/bin/sh', ['-c', "trap '' TERM; echo deaf; exec sleep 987"], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await new Promise(resolve => deaf.stdout.once('data', resolve))
    const { pid, startTicks } = processOf(deaf.pid ?? 0) ?? {}
    const forceEnd = (request: number, tool: Tool) =>
      live.send({ type: 'act', tool, request, action: { verb: 'force-end', process: { pid, startTicks } } })
    forceEnd(14, 'processes-user')
    expect(await live.said(({ request }) => request === 14)).toMatchObject({ code: 'forbidden' })
    act(15, { pid, startTicks })
    expect(await live.said(({ request }) => request === 15)).toMatchObject({ type: 'done' })
    const killed = new Promise(resolve => deaf.once('exit', (_, signal) => resolve(signal)))
    forceEnd(16, 'processes')
    expect(await live.said(({ request }) => request === 16)).toMatchObject({ type: 'done' })
    expect(await killed).toBe('SIGKILL')

    await live.unlock('services')
    live.send({ type: 'list', tool: 'services', request: 1, list: 'live' })
    expect(await live.said(({ type }) => type === 'services')).toBeTruthy()
    const audit = await actionsOf(admin)
    for (const action of ['tool.granted', 'tool.opened', 'tool.shell', 'tool.act']) expect(audit).toContain(action)
    await live.end()
  })

  it('A80 A82 refuse a role without them, by hand and with another session’s grant; it is in the audit and nothing ran', {
    timeout: 90_000,
  }, async () => {
    const { admin, deviceId } = await openDevice()
    const first = await open(admin, deviceId)
    const stolen = await first.grant('shell')
    await first.end()
    const account = await relay.addOperator(admin, 'bob@example.org')
    const hostile = await open(await relay.signIn(account), deviceId)
    hostile.send({ type: 'hello', tool: 'shell' })
    hostile.send({ type: 'unlock', tool: 'shell', ...stolen })
    hostile.send({ type: 'open', tool: 'shell', request: 1, shell: 'sh', columns: 80, rows: 24 })
    hostile.send({ type: 'input', tool: 'shell', terminal: 1, data: 'touch /tmp/x\n' })
    const refusals = () =>
      hostile.peer.received('tools').filter(message => (message as { type: string }).type === 'refused')
    await waitFor('each to be refused', () => refusals().length === 4)
    const second = hostile.peer.received('tools')
    expect(second.some(message => (message as { type: string }).type === 'opened')).toBe(false)
    await waitFor('the audit to say so', async () => (await actionsOf(admin)).includes('tool.refused'))
    expect(await actionsOf(admin)).not.toContain('tool.shell')
    await hostile.end()

    // With the right to the tool, but in another session than the grant's.
    const again = await open(admin, deviceId)
    again.send({ type: 'unlock', tool: 'shell', ...stolen })
    expect(await again.said(({ type }) => type === 'refused')).toMatchObject({ code: 'grant-invalid' })
    await again.end()
  })

  it('A62 end with the control that the person takes back: the helper, what runs in it and what it prints', {
    timeout: 90_000,
  }, async () => {
    const { admin, deviceId } = await openDevice()
    const live = await open(admin, deviceId)
    await live.unlock('shell')
    live.send({ type: 'open', tool: 'shell', request: 1, shell: 'sh', columns: 80, rows: 24 })
    const { terminal } = (await live.said(({ type }) => type === 'opened')) as { terminal: { terminal: number } }
    live.send({
      type: 'input',
      tool: 'shell',
      terminal: terminal.terminal,
      data: 'while :; do echo tick; sleep 0.05; done\n',
    })
    await waitFor('the shell to print', () => live.output().includes('tick\r\ntick'), 15_000)
    // The person sees that it is recorded.
    await agent?.line('isRecording\\":true')
    const before = agent?.children().length ?? 0
    const window = Number(/pid (\d+)/.exec((await agent?.line('told {\\"type\\":\\"ask')) ?? '')?.[1])
    process.kill(window, 'SIGWINCH')
    await live.said(({ type, code }) => type === 'refused' && code === 'helper-gone')
    const printed = live.output()
    await waitFor('the helper to be gone', () => (agent?.children().length ?? 0) < before, 2_000)
    live.send({ type: 'hello', tool: 'shell' })
    await live.said(({ type, code }) => type === 'refused' && code === 'forbidden')
    expect(live.output()).toBe(printed)
    await live.end()
  })

  it('A62 are gone within two seconds of the right, with what ran in them', { timeout: 90_000 }, async () => {
    const { admin, deviceId } = await openDevice()
    const account = await relay.addOperator(admin, 'bob@example.org', 'admin')
    const live = await open(await relay.signIn(account), deviceId)
    await live.unlock('shell')
    live.send({ type: 'open', tool: 'shell', request: 1, shell: 'sh', columns: 80, rows: 24 })
    await live.said(({ type }) => type === 'opened')
    const root = (await groupRoot(admin)) as string
    const role = await relay.call('POST', '/v1/roles', {
      token: admin,
      body: { name: 'No shell', capabilities: ['shell'] },
    })
    const roleId = (role.body as { id: string }).id
    const before = agent?.children().length ?? 0
    await relay.call('POST', '/v1/assignments', {
      token: admin,
      body: { userId: account.user.id, roleId, groupId: root, effect: 'deny' },
    })
    const startedMs = performance.now()
    await waitFor('the helper to be gone', () => (agent?.children().length ?? 0) < before - 1, 3_000)
    expect(performance.now() - startedMs).toBeLessThan(2_000)
  })
})

const disk = isRoot ? SmallDisk.mount(40) : undefined
afterAll(() => disk?.unmount())

describe.skipIf(!disk)('tools while the relay’s disk is full', () => {
  afterEach(() => disk?.clear())

  it('run nothing that has no row, a command in an open shell included, and say why', { timeout: 90_000 }, async () => {
    await relay.close()
    relay = await TestRelay.start({ folder: await mkdtemp(join(disk?.path ?? '', 'relay-')) })
    const { admin, deviceId } = await openDevice()
    const policy = new TestPolicy(relay, admin)
    await policy.set(await policy.rootId(), { strictAudit: true })
    const live = await open(admin, deviceId)
    await live.unlock('shell')
    await live.unlock('processes')
    live.send({ type: 'open', tool: 'shell', request: 1, shell: 'sh', columns: 80, rows: 24 })
    const { terminal } = (await live.said(({ type }) => type === 'opened')) as { terminal: { terminal: number } }
    const type = (data: string) => live.send({ type: 'input', tool: 'shell', terminal: terminal.terminal, data })
    type('echo before-$((1+1))\n')
    await waitFor('the shell', () => live.output().includes('before-2'), 15_000)
    expect(await actionsOf(admin)).toContain('tool.typed')

    const victim = spawn('/bin/sleep', ['987'])
    const [known] = processTree(victim.pid ?? 0)
    disk?.fill()
    const refusals = () =>
      live.peer
        .received('tools')
        .map(message => message as { type: string; code?: string; message?: string; request?: number | null })
        .filter(({ type, code }) => type === 'refused' && code === 'storage-full')
    // The first row that finds no room goes into what is kept for that; it is there, so its keys arrive.
    // Slower than tools may report: it is the disk that refuses.
    await waitFor('the keys to be refused', async () => {
      type(' ')
      await delay(300)
      return refusals().length > 0
    })
    type('\necho wrong-$((1+1))\n')
    const { pid, startTicks } = known ?? {}
    live.send({
      ...{ type: 'act', tool: 'processes', request: 11 },
      action: { verb: 'force-end', process: { pid, startTicks } },
    })
    live.send({ type: 'open', tool: 'shell', request: 12, shell: 'sh', columns: 80, rows: 24 })
    for (const request of [11, 12])
      expect(await live.said(said => said.request === request && said.type !== 'opened')).toMatchObject({
        ...{ type: 'refused', code: 'storage-full' },
        message: expect.stringContaining('disk is full'),
      })
    expect((await relay.call('POST', `/v1/sessions/${live.sessionId}/grants`, grantOf(admin))).status).toBe(503)
    expect(survivors(known ? [known] : [])).toHaveLength(1)
    expect(live.output()).not.toContain('wrong-2')
    await live.end()
    victim.kill('SIGKILL')
  })
})

const grantOf = (token: string) => ({ token, body: { tool: 'services' } })

async function groupRoot(token: string): Promise<string | undefined> {
  const { body } = await relay.call('GET', '/v1/groups', { token })
  return (body as { groups: { id: string; parentId: string | null }[] }).groups.find(
    ({ parentId }) => parentId === null,
  )?.id
}

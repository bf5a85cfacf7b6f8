import { createHash } from 'node:crypto'
import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { meReplySchema } from '#protocol/http.ts'
import { type ProofClaims, signProof } from '#protocol/proof.ts'
import { sealOutput } from '#protocol/scripts/run-output.ts'
import { type RunState, scriptOutputReplySchema, scriptRunReplySchema } from '#protocol/scripts/runs-http.ts'
import type { RunReport } from '#protocol/scripts/wire.ts'
import { approvalsReplySchema } from '#protocol/unattended/http.ts'
import { makeTestKey } from '#testing/keys.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { ADMIN, type AgentSocket, type TestDevice, TestRelay } from '#testing/relay.ts'
import { readOutput, TestScripts } from '#testing/script-runs.ts'
import { makeStrictOrganisation } from '#testing/strict-organisation.ts'
import { waitFor } from '#testing/wait-for.ts'
import { LiveOutput } from '../../../src/main/scripts/live-output.ts'

const PRINTED = Buffer.from('hello\n')

let relay: TestRelay
let clock: ManualClock
let scripts: TestScripts
let device: TestDevice
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  scripts = await TestScripts.approved(relay)
  device = await relay.enrol(await relay.mintEnrolmentToken(scripts.token))
})
afterEach(() => relay.close())

const started = async (deviceIds = [device.deviceId], waitMs = 3_600_000): Promise<string> => {
  const reply = await scripts.start(deviceIds, { nowMs: clock.nowMs(), waitMs })
  expect(reply).toMatchObject({ status: 200 })
  return scriptRunReplySchema.parse(reply.body).run.id
}
const stateOf = async (runId: string, deviceId = device.deviceId) =>
  (await scripts.view(runId)).devices.find(row => row.deviceId === deviceId)
const becomes = (runId: string, state: RunState, deviceId?: string) =>
  waitFor(`the run to be ${state}`, async () => (await stateOf(runId, deviceId))?.state === state)
const say = (socket: AgentSocket, runId: string, report: RunReport) =>
  socket.request({ type: 'script.report', runId, report })
const resultOf = (runId: string, change: Partial<ProofClaims<'run'>> = {}): ProofClaims<'run'> => ({
  runId,
  deviceId: device.deviceId,
  how: 'exited',
  exitCode: 0,
  durationMs: 12,
  outputBytes: PRINTED.length,
  isCut: false,
  parts: 1,
  outputDigest: createHash('sha256').update(PRINTED).digest('base64url'),
  ...change,
})
const signed = (claims: ProofClaims<'run'>, by = device.key) => signProof('run', claims, by.privateKey, by.publicKey)
const auditText = async () =>
  JSON.stringify((await relay.call('GET', '/v1/audit?limit=100', { token: scripts.token })).body)

describe('a script on a selection of devices', () => {
  it('goes to a device with a grant, and comes back with what only its operator’s app can read', async () => {
    const socket = await relay.openAgentSocket(device)
    const runId = await started()
    const { run } = await socket.waitFor('script.run')
    const claims = JSON.parse(Buffer.from(run.grant.split('.')[1] ?? '', 'base64url').toString()) as object
    expect(claims).toMatchObject({
      aud: device.deviceId,
      run: runId,
      person: 'tell',
      cnf: { jkt: scripts.key.thumbprint },
    })
    await say(socket, runId, { what: 'starts', runsAs: 'root' })
    const place = { run: runId, device: device.deviceId, part: 0 }
    const sealed = await sealOutput(scripts.output.publicKey, place, PRINTED)
    await say(socket, runId, { what: 'output', part: 0, bytes: PRINTED.length, sealed })
    await say(socket, runId, { what: 'ended', proof: await signed(resultOf(runId)) })
    const row = await stateOf(runId)
    expect(row).toMatchObject({ state: 'done', online: true, result: { exitCode: 0, outputBytes: 6 } })

    const path = `/v1/script-runs/${runId}/devices/${device.deviceId}/output`
    const { parts } = scriptOutputReplySchema.parse((await relay.call('GET', path, { token: scripts.token })).body)
    expect(JSON.stringify(parts)).not.toContain('hello')
    if (!row) throw new Error('there is no row')
    const opened = await readOutput(scripts.output.privateKey, runId, row, parts)
    expect(opened).toEqual({ text: 'hello\n', isCut: false })
    // Left out, exchanged, or another run's: the device signed what it was.
    await expect(readOutput(scripts.output.privateKey, runId, row, [])).rejects.toMatchObject({ code: 'proof-invalid' })
    const forged = await sealOutput(scripts.output.publicKey, place, Buffer.from('fine\n'))
    await expect(readOutput(scripts.output.privateKey, runId, row, [forged])).rejects.toMatchObject({
      code: 'proof-invalid',
    })
    const audit = await auditText()
    for (const action of ['ordered', 'sent', 'running', 'done']) expect(audit).toContain(`script.run-${action}`)
  })

  it('waits for a device that is offline, and runs out', async () => {
    const runId = await started()
    expect(await stateOf(runId)).toMatchObject({ state: 'queued', online: false })
    const socket = await relay.openAgentSocket(device)
    await socket.waitFor('script.run')
    await becomes(runId, 'sent')
    await say(socket, runId, { what: 'refused', why: { code: 'forbidden', message: 'Somebody said no.' } })
    expect(await stateOf(runId)).toMatchObject({ state: 'refused', why: { code: 'forbidden' } })
    socket.socket.close()
    await waitFor('the device to be gone', async () => (await stateOf(runId))?.online === false)
    const second = await started([device.deviceId], 120_000)
    clock.advance(121_000)
    await becomes(second, 'expired')
  })

  it('has a row for each device, also for those that the policy refuses', async () => {
    const other = await relay.enrol(await relay.mintEnrolmentToken(scripts.token))
    const quiet = await scripts.policy.addGroup('Quiet')
    await scripts.policy.set(quiet, { scripts: 'off' })
    await scripts.policy.move(other.deviceId, quiet)
    const runId = await started([device.deviceId, other.deviceId])
    expect(await stateOf(runId, other.deviceId)).toMatchObject({ state: 'refused', why: { code: 'policy-denied' } })
    expect(await stateOf(runId)).toMatchObject({ state: 'queued' })
  })

  it('of a script that takes a role is refused where whoever orders it doesn’t have that role', async () => {
    const role = await scripts.policy.addRole('Printing', ['view', 'control', 'unattended', 'shell'])
    const limited = await TestScripts.approved(relay, { text: 'lpstat' }, role, 'lena@example.org')
    const { body } = await limited.start([device.deviceId], { nowMs: clock.nowMs() })
    expect(body).toMatchObject({
      run: { devices: [{ state: 'refused', why: { message: 'This script is for the role “Printing”.' } }] },
    })
  })

  it('is cancelled: what waits doesn’t come, what runs is told to stop, and nothing of it begins any more', async () => {
    const socket = await relay.openAgentSocket(device)
    const runId = await started()
    await socket.waitFor('script.run')
    expect(await scripts.cancel(runId)).toMatchObject({ status: 200 })
    await socket.waitFor('script.stop', message => message.runId === runId)
    await expect(say(socket, runId, { what: 'starts', runsAs: 'root' })).rejects.toMatchObject({
      code: 'illegal-transition',
    })
    expect(await stateOf(runId)).toMatchObject({ state: 'cancelled' })
  })

  it('N9 stops within a second of the right being taken away, and begins nothing without it', async () => {
    const socket = await relay.openAgentSocket(device)
    const runId = await started()
    await socket.waitFor('script.run')
    await say(socket, runId, { what: 'starts', runsAs: 'root' })
    await scripts.policy.set(await scripts.policy.rootId(), { unattended: false })
    clock.advance(1_000)
    await socket.waitFor('script.stop', message => message.runId === runId)
    expect(await stateOf(runId)).toMatchObject({ state: 'cancelled', why: { code: 'policy-denied' } })
    // How it ended is kept all the same.
    await say(socket, runId, {
      what: 'ended',
      proof: await signed(resultOf(runId, { how: 'stopped', exitCode: null })),
    })
    expect(await stateOf(runId)).toMatchObject({ state: 'cancelled', result: { how: 'stopped' } })
  })

  it('one after the other on each device, and a device that forgot one has failed it', async () => {
    const socket = await relay.openAgentSocket(device)
    const first = await started()
    await socket.waitFor('script.run')
    await say(socket, first, { what: 'starts', runsAs: 'root' })
    const second = await started()
    clock.advance(1_000)
    expect(await stateOf(second)).toMatchObject({ state: 'queued' })
    socket.socket.close()
    await waitFor('the device to be gone', async () => (await stateOf(first))?.online === false)
    const again = await relay.openAgentSocket(device)
    await becomes(first, 'failed')
    await again.waitFor('script.run')
    await becomes(second, 'sent')
  })
})

describe('a run that takes a second person', () => {
  const rulesFor = (change: object) => scripts.policy.rootId().then(root => scripts.policy.set(root, change))
  const waitingFor = async (token: string) =>
    approvalsReplySchema.parse((await relay.call('GET', '/v1/approvals', { token })).body).runs

  it.each([
    ['approval', { approval: 'required' }],
    ['twoPersonTools', { twoPersonTools: ['shell'] }],
  ])('by the setting %s waits until somebody else who could run it there has read it and agreed', async (_, rule) => {
    await rulesFor(rule)
    const socket = await relay.openAgentSocket(device)
    const news = await relay.openOperatorSocket(scripts.second)
    const runId = await started()
    expect(await stateOf(runId)).toMatchObject({ state: 'awaiting' })
    await news.waitFor('approvals.changed')
    expect(await waitingFor(scripts.second)).toMatchObject([
      {
        runId,
        scriptName: 'Say hello',
        reason: 'The disks fill up',
        devices: 1,
        operator: { email: 'ada@example.org' },
      },
    ])
    const bob = await relay.signIn(await relay.addOperator(scripts.token, 'bob@example.org'))
    for (const token of [scripts.token, bob]) {
      expect(await waitingFor(token)).toEqual([])
      expect((await scripts.answer(runId, true, token)).status).toBe(404)
    }
    const { body } = await relay.call('GET', `/v1/script-runs/${runId}`, { token: scripts.second })
    expect(body).toMatchObject({ run: { mayAnswer: true, definition: { text: 'echo hello' } } })
    expect((await relay.call('GET', `/v1/script-runs/${runId}`, { token: bob })).status).toBe(404)
    clock.advance(2_000)
    expect(await stateOf(runId)).toMatchObject({ state: 'awaiting' })

    expect((await scripts.answer(runId, true)).status).toBe(204)
    const { run } = await socket.waitFor('script.run')
    expect(decodeJwt(run.grant)).toMatchObject({ run: runId, approvedBy: 'Operator rosa@example.org' })
    expect((await scripts.answer(runId, false)).status).toBe(409)
    await say(socket, runId, { what: 'starts', runsAs: 'root' })
    expect(await stateOf(runId)).toMatchObject({ state: 'running', approvedBy: 'Operator rosa@example.org' })
    expect(await auditText()).toContain('script.run-approved')
  })

  it('is refused by their “no”, and by nobody’s answer it runs out', async () => {
    await rulesFor({ approval: 'required' })
    const declined = await started()
    expect((await scripts.answer(declined, false)).status).toBe(204)
    expect(await stateOf(declined)).toMatchObject({ state: 'refused', why: { code: 'forbidden' } })
    expect(await auditText()).toContain('script.run-declined')
    const forgotten = await started([device.deviceId], 120_000)
    clock.advance(121_000)
    await becomes(forgotten, 'expired')
  })

  it('A25 N9 takes a fresh proof of who agrees, and counts no longer once they lost the right, nor begins without it', async () => {
    await rulesFor({ approval: 'required' })
    const runId = await started()
    clock.advance(6 * 60_000)
    expect(await scripts.answer(runId, true)).toMatchObject({ status: 401, body: { code: 'step-up-required' } })
    const rosa = await relay.signIn({ email: 'rosa@example.org', password: 'a password of theirs' })
    expect((await scripts.answer(runId, true, rosa)).status).toBe(204)
    const { user } = meReplySchema.parse((await relay.call('GET', '/v1/me', { token: rosa })).body)
    await relay.call('POST', '/v1/me/step-up', { token: scripts.token, body: { password: ADMIN.password } })
    await scripts.policy.clear(user.id)
    const socket = await relay.openAgentSocket(device)
    await becomes(runId, 'awaiting')
    await rulesFor({ approval: 'none' })
    clock.advance(1_000)
    await socket.waitFor('script.run')
    await rulesFor({ twoPersonTools: ['shell'] })
    await expect(say(socket, runId, { what: 'starts', runsAs: 'root' })).rejects.toMatchObject({
      code: 'second-person-needed',
    })
  })
})

describe('what a script prints while it runs', () => {
  it('comes in pieces, of which the last one grows in its place, and nothing of it after the end', async () => {
    const socket = await relay.openAgentSocket(device)
    const runId = await started()
    await socket.waitFor('script.run')
    await say(socket, runId, { what: 'starts', runsAs: 'root' })
    const print = async (part: number, bytes: number, text: string) => {
      const place = { run: runId, device: device.deviceId, part }
      const sealed = await sealOutput(scripts.output.publicKey, place, Buffer.from(text))
      await say(socket, runId, { what: 'output', part, bytes, sealed })
    }
    const live = new LiveOutput()
    const asked: number[] = []
    const read = () =>
      live.read(scripts.output.privateKey, { runId, deviceId: device.deviceId }, async from => {
        asked.push(from)
        const path = `/v1/script-runs/${runId}/devices/${device.deviceId}/output?from=${from}`
        return scriptOutputReplySchema.parse((await relay.call('GET', path, { token: scripts.token })).body).parts
      })
    expect(await read()).toBe('')
    await print(0, 4, 'one\n')
    expect(await read()).toBe('one\n')
    expect(await stateOf(runId)).toMatchObject({ outputBytes: 4 })
    await print(0, 10, 'one\r50 %\n')
    await print(1, 15, '\u001b[31mtwo')
    expect(await read()).toBe('one\n50 %\ntwo')
    await print(1, 21, '\u001b[31mtwo \u202ethree')
    // Hostile text is text, and what is whole is opened once.
    expect(await read()).toBe('one\n50 %\ntwo \ufffdthree')
    expect(asked).toEqual([0, 0, 0, 1])
    await say(socket, runId, { what: 'ended', proof: await signed(resultOf(runId)) })
    await expect(print(1, 30, 'late')).rejects.toMatchObject({ code: 'illegal-transition' })
  })
})

describe('A7 A80 what isn’t in order is refused', () => {
  const refusedWith = async (change: Parameters<TestScripts['start']>[1], deviceIds = [device.deviceId]) =>
    (await scripts.start(deviceIds, { nowMs: clock.nowMs(), ...change })).body

  it('an order of somebody else, for another text, for other devices, that is over, or used', async () => {
    expect(await refusedWith({ operatorId: 'somebody-else' })).toMatchObject({ code: 'proof-invalid' })
    expect(await refusedWith({ digest: 'x'.repeat(43) })).toMatchObject({ code: 'proof-invalid' })
    expect(await refusedWith({ nowMs: clock.nowMs() - 7_200_000 })).toMatchObject({ code: 'proof-invalid' })
    expect(await refusedWith({ values: { NAME: 'x' } })).toMatchObject({ code: 'bad-request' })
    const body = await scripts.order([device.deviceId], { nowMs: clock.nowMs() })
    const { token } = scripts
    const post = (more: object) => relay.call('POST', '/v1/script-runs', { token, body: { ...body, ...more } })
    const other = await relay.enrol(await relay.mintEnrolmentToken(token))
    expect((await post({ deviceIds: [other.deviceId] })).body).toMatchObject({ code: 'proof-invalid' })
    expect((await post({})).status).toBe(200)
    expect((await post({})).body).toMatchObject({ code: 'proof-invalid' })
  })

  it('A25 a proof that is older than five minutes', async () => {
    clock.advance(6 * 60_000)
    expect(await refusedWith({})).toMatchObject({ code: 'step-up-required' })
  })

  it('A7 an order that the key of a strict organisation doesn’t vouch for, which no device of it would take', async () => {
    const { user, organisation } = meReplySchema.parse(
      (await relay.call('GET', '/v1/me', { token: scripts.token })).body,
    )
    const strict = await makeStrictOrganisation(organisation, user, clock.nowMs)
    await scripts.policy.call('POST', '/v1/organisation-trust/orders', { order: await strict.order() })
    expect(await refusedWith({})).toMatchObject({ code: 'certificate-required' })
    const certificate = await strict.certificate({ scopes: ['view', 'control', 'shell'] })
    expect(await refusedWith({ certificate })).toMatchObject({ code: 'certificate-invalid' })
    const certified = await scripts.start([device.deviceId], {
      ...{ nowMs: clock.nowMs(), certificate, key: strict.operatorKey },
    })
    expect(certified.status).toBe(200)
  })

  it('A34 a report of another device, of another key, or of another run', async () => {
    const socket = await relay.openAgentSocket(device)
    const runId = await started()
    await socket.waitFor('script.run')
    const stranger = await relay.enrol(await relay.mintEnrolmentToken(scripts.token))
    const strange = await relay.openAgentSocket(stranger)
    await expect(say(strange, runId, { what: 'starts', runsAs: 'root' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(say(socket, runId, { what: 'output', part: 0, bytes: 1, sealed: 'x' })).rejects.toMatchObject({
      code: 'illegal-transition',
    })
    await say(socket, runId, { what: 'starts', runsAs: 'root' })
    const byOther = await signed(resultOf(runId), await makeTestKey())
    await expect(say(socket, runId, { what: 'ended', proof: byOther })).rejects.toMatchObject({
      code: 'pass-key-mismatch',
    })
    const ofOther = await signed(resultOf(`run_${'0'.repeat(26)}`))
    await expect(say(socket, runId, { what: 'ended', proof: ofOther })).rejects.toMatchObject({ code: 'proof-invalid' })
    expect(await stateOf(runId)).toMatchObject({ state: 'running' })
  })
})

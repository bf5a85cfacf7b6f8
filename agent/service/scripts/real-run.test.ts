import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { meReplySchema } from '#protocol/http.ts'
import { RUN_ORDER } from '#protocol/scripts/run-order.ts'
import { scriptOutputReplySchema, scriptRunReplySchema } from '#protocol/scripts/runs-http.ts'
import { readStatement } from '#protocol/trust/signed.ts'
import { startTestAgent, type TestAgent } from '#testing/agent.ts'
import { TestRelay } from '#testing/relay.ts'
import { readOutput, TestScripts } from '#testing/script-runs.ts'
import { makeStrictOrganisation } from '#testing/strict-organisation.ts'
import { waitFor } from '#testing/wait-for.ts'
import { SqliteStore } from '../../../relay/store/store.ts'

/** Says who it is, prints more than is kept, and ends as it is told: or waits to be ended, with something in the background. */
const TEXT = `echo "to $NAME as $(id -u)"
[ "$NAME" = nobody ] && { sleep 321 & sleep 322; }
[ "$NAME" = everybody ] && head -c 300000 /dev/zero | tr '\\0' x
exit "$CODE"`

let relay: TestRelay
let scripts: TestScripts
let agent: TestAgent | undefined
let deviceId: string
beforeEach(async () => {
  relay = await TestRelay.start()
  scripts = await TestScripts.approved(relay, {
    text: TEXT,
    parameters: [
      { name: 'NAME', label: 'Name', kind: { type: 'text', maxLength: 40 } },
      { name: 'CODE', label: 'Code', kind: { type: 'number', min: 0, max: 9 } },
    ],
  })
})
afterEach(async () => {
  await agent?.stop()
  await relay.close()
})

async function startDevice(rule: string, person?: 'accept' | 'decline'): Promise<void> {
  const operator = await relay.openOperatorSocket(scripts.token)
  const enrolmentToken = await relay.mintEnrolmentToken(scripts.token)
  // A display is enough for somebody to be there: systems that don't say who is signed in are asked as if somebody were.
  const environment = { HANDHOLD_AGENT_SCRIPTS: rule, DISPLAY: person ? ':7777' : '' }
  agent = await startTestAgent({ relayUrl: relay.url, enrolmentToken, environment, consent: person ?? 'crash' })
  deviceId = (await operator.waitFor('device.changed', ({ device }) => device.online)).device.id
  await operator.close()
}

async function start(values: { NAME: string; CODE: string }): Promise<string> {
  const reply = await scripts.start([deviceId], { values })
  return scriptRunReplySchema.parse(reply.body).run.id
}

async function rowOf(runId: string) {
  const row = (await scripts.view(runId)).devices[0]
  if (!row) throw new Error('the run has no device')
  return row
}

async function over(runId: string) {
  await waitFor('the run to be over', async () => (await rowOf(runId)).endedAtMs !== null, 30_000)
  return rowOf(runId)
}

async function outputOf(runId: string) {
  const path = `/v1/script-runs/${runId}/devices/${deviceId}/output`
  const { parts } = scriptOutputReplySchema.parse((await relay.call('GET', path, { token: scripts.token })).body)
  return readOutput(scripts.output.privateKey, runId, await rowOf(runId), parts)
}

it('runs a script on a real device through the real relay, and stops it', async () => {
  await startDevice('policy')
  const fine = await start({ NAME: 'Ada; id', CODE: '0' })
  expect(await over(fine)).toMatchObject({ state: 'done', result: { how: 'exited', exitCode: 0 } })
  expect((await outputOf(fine)).text).toBe(`to Ada; id as ${process.getuid?.()}\n`)

  const much = await start({ NAME: 'everybody', CODE: '3' })
  expect(await over(much)).toMatchObject({
    state: 'failed',
    result: { exitCode: 3, isCut: true, outputBytes: 262_144 },
  })
  const { text, isCut } = await outputOf(much)
  expect([text.length, isCut, text.endsWith('xxx')]).toEqual([262_144, true, true])

  const long = await start({ NAME: 'nobody', CODE: '0' })
  await waitFor('the script to wait', async () => (await processes('sleep 32')) === 2)
  await waitFor('its words while it runs', async () => (await outputOf(long)).text.includes('to nobody'))
  expect(await rowOf(long)).toMatchObject({ state: 'running', result: null })
  expect((await rowOf(long)).outputBytes).toBeGreaterThan(0)
  await scripts.cancel(long)
  expect(await over(long)).toMatchObject({ state: 'cancelled' })
  await waitFor('nothing of it to be left', async () => (await processes('sleep 32')) === 0, 2_000)
  await waitFor('the device to say how it ended', async () => (await rowOf(long)).result !== null)
  expect((await outputOf(long)).text).toContain('to nobody')

  const kept = JSON.parse(await readFile(join(agent?.stateDir ?? '', 'script-runs.json'), 'utf8')) as { runs: object[] }
  expect(kept.runs).toMatchObject([
    { runId: fine, script: 'Say hello', end: 'exited', exitCode: 0 },
    { runId: much, end: 'exited', exitCode: 3 },
    { runId: long, end: 'stopped', exitCode: null },
  ])
})

it('refuses what its own configuration doesn’t let run, whatever the relay says', async () => {
  await startDevice('certified')
  const runId = await start({ NAME: 'Ada', CODE: '0' })
  expect(await over(runId)).toMatchObject({ state: 'refused', why: { code: 'policy-denied' } })
})

it('A7 in a strict organisation runs what its certified operator’s key ordered, and nothing that only the relay says they did', async () => {
  const { user, organisation } = meReplySchema.parse((await relay.call('GET', '/v1/me', { token: scripts.token })).body)
  const strict = await makeStrictOrganisation(organisation, user)
  await scripts.policy.call('POST', '/v1/organisation-trust/orders', { order: await strict.order() })
  await startDevice('certified')
  const certificate = await strict.certificate({ scopes: ['view', 'control', 'shell'], unattended: true })
  const values = { NAME: 'Ada', CODE: '0' }
  const reply = await scripts.start([deviceId], { values, certificate, key: strict.operatorKey })
  const certified = scriptRunReplySchema.parse(reply.body).run.id
  expect(await over(certified)).toMatchObject({ state: 'done', result: { exitCode: 0 } })
  expect((await outputOf(certified)).text).toContain('to Ada as')

  // A stolen relay signs grants with its real key and writes what it likes into its own database.
  const order = (await scripts.order([deviceId], { values })).order
  const { runId } = (await readStatement(RUN_ORDER, order)).claims
  const store = new SqliteStore(join(relay.dataDir, 'relay.db'))
  const run = await store.read.scriptRuns.run(certified)
  const [row] = await store.read.scriptRuns.devices(certified)
  if (!run || !row) throw new Error('there is no run')
  const forged = { ...run, id: runId, order, orderedBy: scripts.key.thumbprint }
  await store.write(tx => tx.scriptRuns.insertRun(forged, [{ ...row, state: 'queued', why: null }]))
  await store.close()
  expect(await over(runId)).toMatchObject({ state: 'refused', why: { code: 'certificate-invalid' }, startedAtMs: null })
})

it('asks or tells who is signed in, and ends the script by their hand', async () => {
  await startDevice('policy', 'accept')
  const told = await start({ NAME: 'nobody', CODE: '0' })
  await agent?.line(String.raw`\"type\":\"tell\"`)
  await waitFor('the script to wait', async () => (await processes('sleep 32')) === 2)
  for (const pid of agent?.children() ?? [])
    if ((await commandOf(pid)).includes('stand-in')) process.kill(pid, 'SIGUSR2')
  expect(await over(told)).toMatchObject({ state: 'failed', result: { how: 'stopped', exitCode: null } })

  await scripts.policy.set(await scripts.policy.rootId(), { scripts: 'ask' })
  const asked = await start({ NAME: 'Ada', CODE: '0' })
  await agent?.line(String.raw`\"type\":\"ask\"`)
  expect(await over(asked)).toMatchObject({ state: 'done' })
  await agent?.stop()

  await startDevice('policy', 'decline')
  const declined = await start({ NAME: 'Ada', CODE: '0' })
  expect(await over(declined)).toMatchObject({ state: 'refused', why: { code: 'forbidden' }, startedAtMs: null })
})

const commandOf = (pid: number): Promise<string> => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')

/** How many of this test's device have such a command line. */
async function processes(commandLine: string): Promise<number> {
  const ids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const lines = await Promise.all(ids.map(id => commandOf(Number(id))))
  return lines.filter(line => line.replaceAll('\0', ' ').startsWith(commandLine)).length
}

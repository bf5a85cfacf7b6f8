import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HandholdError } from '#protocol/errors.ts'
import { idFromBytes } from '#protocol/ids.ts'
import { RUN_ALONE_MS } from '#protocol/scripts/limits.ts'
import { RUN_GRANT, type ScriptRun } from '#protocol/scripts/run-grant.ts'
import { RUN_ORDER } from '#protocol/scripts/run-order.ts'
import { scriptDigest } from '#protocol/scripts/script.ts'
import type { RunReport } from '#protocol/scripts/wire.ts'
import { readStatement } from '#protocol/trust/signed.ts'
import { signToken } from '#protocol/trust/token.ts'
import type { AgentToRelay } from '#protocol/wire/agent.ts'
import { makeTestKey, type TestKey } from '#testing/keys.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { signRunOrder } from '#testing/script-runs.ts'
import { waitFor } from '#testing/wait-for.ts'
import type { ScriptToService } from '../../links/script-link.ts'
import { RunRecords } from './run-records.ts'
import { ScriptRuns, type ScriptRunsParts } from './script-runs.ts'

const deviceId = idFromBytes('device', new Uint8Array(16))
const organisationId = idFromBytes('organisation', new Uint8Array(16))
const definition = { tool: 'shell', program: 'sh', text: 'id', parameters: [] } as const
const sealKey = { kty: 'OKP', crv: 'X25519', x: 'x'.repeat(43) } as const
const result = { how: 'stopped', exitCode: null, durationMs: 1, outputBytes: 0, isCut: false, parts: 0 } as const

let stateDir: string
let clock: ManualClock
let relayKey: TestKey
let appKey: TestKey
let told: RunReport[]
let isConnected: boolean
let refusesStart: HandholdError | undefined
/** What the helper that was started last would say. */
let helper: ((message: ScriptToService) => void) | undefined
let stops: number

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'handhold-runs-'))
  clock = new ManualClock()
  ;[relayKey, appKey] = await Promise.all([makeTestKey(), makeTestKey()])
  ;[told, isConnected, refusesStart, helper, stops] = [[], true, undefined, undefined, 0]
})
afterEach(() => rm(stateDir, { recursive: true }))

async function open(change: Partial<ScriptRunsParts> = {}): Promise<ScriptRuns> {
  const gone = Promise.withResolvers<void>()
  return new ScriptRuns({
    deviceId,
    passKeys: () => [{ ...relayKey.publicKey, kid: 'relay-1' }],
    clock: { wallMs: clock.nowMs, monotonicMs: clock.nowMs, setTimer: clock.setTimer },
    log: pino({ level: 'silent' }),
    rule: 'policy',
    isShut: () => false,
    trust: { admitRun: async () => null },
    records: await RunRecords.open(stateDir, { wallMs: clock.nowMs }),
    launcher: {
      launch: (_runId, _begin, onMessage) => {
        helper = onMessage
        return { stop: () => void stops++, gone: gone.promise }
      },
    },
    sign: async () => 'signed',
    request: async (message: AgentToRelay) => {
      if (!isConnected) throw new HandholdError('link-closed', 'The relay is not connected.')
      if (message.type !== 'script.report') return
      if (message.report.what === 'starts' && refusesStart) throw refusesStart
      told.push(message.report)
    },
    isConnected: () => isConnected,
    userOf: () => 'root',
    agree: async () => undefined,
    ...change,
  })
}

async function ordered(): Promise<ScriptRun & { readonly runId: string }> {
  const digest = await scriptDigest({ ...definition, parameters: [] })
  const said = {
    organisationId,
    operatorId: 'operator-1',
    digest,
    tool: 'shell',
    values: {},
    reason: 'Because',
  } as const
  const wish = { ...said, timeLimitS: 60, sealKey, deviceIds: [deviceId], waitMs: 3_600_000 }
  const order = await signRunOrder(appKey, wish, clock.nowMs())
  const { runId } = (await readStatement(RUN_ORDER, order)).claims
  const iat = Math.floor(clock.nowMs() / 1000)
  const claims = {
    ...{ iss: 'handhold-relay', aud: deviceId, sub: 'operator-1', label: 'Ada', jti: 'grt_0123456789abcdef' },
    ...{ iat, nbf: iat, exp: iat + 300, org: organisationId, run: runId, person: 'tell' },
    ...{ script: { digest, name: 'Who' }, cnf: { jkt: appKey.thumbprint } },
  }
  const grant = await signToken(RUN_GRANT, claims, 'relay-1', relayKey.privateKey)
  return { grant, order, definition: { ...definition, parameters: [] }, runId }
}

const started = () => waitFor('the script to begin', () => helper !== undefined)
const said = (what: RunReport['what']) =>
  waitFor(`the relay to hear ${what}`, () => told.some(report => report.what === what))

describe('scripts at a device', () => {
  it('A80 take an order once, also across a restart of the agent, and none while another runs', async () => {
    const scripts = await open()
    const run = await ordered()
    await scripts.take(run)
    await started()
    // The same again is an acknowledgement that got lost; another one has to wait.
    await scripts.take(run)
    await expect(scripts.take(await ordered())).rejects.toMatchObject({ code: 'device-busy' })
    helper?.({ type: 'ended', result: { ...result, outputDigest: 'x'.repeat(43) } })
    await said('ended')
    await waitFor('the run to be forgotten', () => scripts.ids().length === 0)
    await expect(scripts.take(run)).rejects.toMatchObject({ code: 'grant-invalid' })
    const again = await open()
    await again.resume()
    await expect(again.take(run)).rejects.toMatchObject({ code: 'grant-invalid' })
  })

  it.each<[string, Partial<ScriptRunsParts>, string]>([
    ['this machine’s configuration lets none run', { rule: 'off' }, 'policy-denied'],
    ['it lets certified operators’ run and nobody is certified', { rule: 'certified' }, 'policy-denied'],
    ['the device is shut by wrong passwords', { isShut: () => true }, 'unattended-off'],
    [
      'A7 the organisation’s key doesn’t know who ordered it',
      { trust: { admitRun: async () => Promise.reject(new HandholdError('certificate-required', 'No.')) } },
      'certificate-required',
    ],
  ])('are refused where %s', async (_, change, code) => {
    const scripts = await open(change)
    await expect(scripts.take(await ordered())).rejects.toMatchObject({ code })
    expect(helper).toBeUndefined()
  })

  it('aren’t begun while the audit can’t be written, nor when the person says no, nor without a list of what was used', async () => {
    refusesStart = new HandholdError('audit-unavailable', 'Not now.')
    await (await open()).take(await ordered())
    await said('refused')
    expect(told).toMatchObject([{ what: 'refused', why: { code: 'audit-unavailable' } }])
    const no = new HandholdError('forbidden', 'The person at the device said no.')
    await (await open({ agree: () => Promise.reject(no) })).take(await ordered())
    await waitFor('the person’s word', () => told.length === 2)
    expect(told[1]).toMatchObject({ what: 'refused', why: { code: 'forbidden' } })
    const kept = join(stateDir, 'script-runs.json')
    await waitFor('both to be kept', async () => (await readFile(kept, 'utf8')).split('"end":null').length === 1)
    await writeFile(kept, '{"version":1,"runs":[{}]}')
    await expect((await open()).take(await ordered())).rejects.toMatchObject({ code: 'tool-unavailable' })
    expect(helper).toBeUndefined()
  })

  it('A149 keep what they printed while the relay’s disk is full, each piece in its last state but what was under way, and tell it when there is room', async () => {
    const told: RunReport[] = []
    let isFull = true
    const request = async (message: AgentToRelay) => {
      if (message.type !== 'script.report') return
      if (isFull && message.report.what === 'output') throw new HandholdError('storage-full', 'No room.')
      told.push(message.report)
    }
    await (await open({ request })).take(await ordered())
    await started()
    const part = (part: number, bytes: number) => helper?.({ type: 'part', part, bytes, sealed: `sealed-${bytes}` })
    part(0, 10)
    await waitFor('the refusal', () => clock.pendingTimers > 1)
    for (const bytes of [20, 30, 40]) part(0, bytes)
    part(1, 50)
    helper?.({ type: 'ended', result: { ...result, outputDigest: 'x'.repeat(43) } })
    isFull = false
    clock.advance(15_000)
    await waitFor('the end', () => told.at(-1)?.what === 'ended')
    expect(told.flatMap(report => (report.what === 'output' ? [report.bytes] : []))).toEqual([20, 40, 50])
  })

  it('end when the relay is away for half a minute, and say so when it is back', async () => {
    const scripts = await open()
    const run = await ordered()
    await scripts.take(run)
    await started()
    isConnected = false
    clock.advance(RUN_ALONE_MS - 5_000)
    expect(stops).toBe(0)
    clock.advance(10_000)
    expect(stops).toBe(1)
    helper?.({ type: 'ended', result: { ...result, outputDigest: 'x'.repeat(43) } })
    await waitFor('how it ended to be kept', async () => {
      const records = await RunRecords.open(stateDir, { wallMs: clock.nowMs })
      return records.unfinished.length === 0
    })
    expect(scripts.ids()).toEqual([run.runId])
    isConnected = true
    scripts.relayIsBack()
    await said('ended')
  })

  it('A7 stop when the organisation’s key no longer lets their operator in, and when whoever ordered it cancels', async () => {
    let isCertified = true
    const operator = { id: 'operator-1', name: 'Ada', email: 'ada@example.org' }
    const refusal = () => Promise.reject(new HandholdError('certificate-revoked', 'No.'))
    const scripts = await open({ trust: { admitRun: () => (isCertified ? Promise.resolve(operator) : refusal()) } })
    const run = await ordered()
    await scripts.take(run)
    await started()
    await scripts.admitAgain()
    expect(stops).toBe(0)
    isCertified = false
    await scripts.admitAgain()
    expect(stops).toBe(1)
    scripts.stop(idFromBytes('scriptRun', new Uint8Array(16)))
    expect(stops).toBe(1)
    scripts.stop(run.runId)
    expect(stops).toBe(2)
  })
})

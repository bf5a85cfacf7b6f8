import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ReceiptDocument, receiptDocumentSchema } from '#protocol/trust/receipt.ts'
import { checkReceipts } from '#protocol/trust/receipt-check.ts'
import type { AgentToRelay } from '#protocol/wire/agent.ts'
import { startTestAgent, type TestAgent, type TestAgentOptions } from '#testing/agent.ts'
import { type StandInRelay, startStandInRelay } from '#testing/stand-in-relay.ts'

let relay: StandInRelay
let agent: TestAgent
let stateDir: string
beforeEach(async () => {
  relay = await startStandInRelay()
  stateDir = await mkdtemp(join(tmpdir(), 'handhold-receipts-'))
})
afterEach(async () => {
  await agent.stop()
  await relay.close()
  await rm(stateDir, { recursive: true, force: true })
})

// No display is reached: the host comes after the answer, and these sessions need none.
async function start(consent: TestAgentOptions['consent'] = 'accept'): Promise<void> {
  agent = await startTestAgent({ relayUrl: relay.url, enrolmentToken: 'token-1', display: ':999', consent, stateDir })
  await relay.online()
}

type Receipt = Extract<AgentToRelay, { type: 'session.receipt' }>
const isReceipt = (message: AgentToRelay): message is Receipt => message.type === 'session.receipt'

/** What came, each once: an agent that died before it noted the acknowledgement says it again. */
const receivedReceipts = () => [...new Set(relay.messages.filter(isReceipt).map(({ receipt }) => receipt))]

async function document(count: number): Promise<ReceiptDocument> {
  await relay.message((_): _ is Receipt => receivedReceipts().length >= count)
  // A write that was killed leaves its temporary file beside.
  const name = (await readdir(join(stateDir, 'receipts'))).find(file => file.endsWith('.json')) ?? ''
  const path = join(stateDir, 'receipts', name)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const kept = receiptDocumentSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  expect(kept.receipts).toEqual(receivedReceipts())
  return kept
}

describe('receipts', () => {
  it('say what was asked with its words, what was answered, and how it ended', async () => {
    await start()
    const request = await relay.request()
    await relay.event(request.sessionId, 'consent-granted')
    await relay.send({ type: 'session.end', sessionId: request.sessionId, reason: 'operator-ended' })
    const { claims, isWhole } = await checkReceipts(await document(2))
    expect(isWhole).toBe(true)
    const text = 'Ada Brandt from Riverside Clinic\nPrinter does not print'
    const { sessionId, operator, organisation, reason, ticket, scopes, operatorKeyThumbprint } = request
    expect(claims[0]).toMatchObject({
      ...{ sessionId, deviceId: relay.deviceId, operator, organisation, reason, ticket, operatorKeyThumbprint },
      ...{ kind: 'answer', answer: 'granted', asked: scopes, granted: scopes },
      shown: { language: 'en', text, sha256: createHash('sha256').update(text).digest('base64url') },
    })
    expect(claims[1]).toMatchObject({ kind: 'closing', reason: 'operator-ended', minutes: expect.any(Number) })
  })

  it.each([
    ['decline', 'denied'],
    ['fail', 'not-shown'],
    ['close', 'denied'],
  ] as const)('stand for a "no" as well: a person who would %s leaves "%s"', async (behaviour, answer) => {
    await start(behaviour)
    await relay.request()
    const { claims, isWhole } = await checkReceipts(await document(1))
    expect(isWhole).toBe(true)
    expect(claims).toMatchObject([{ kind: 'answer', answer, granted: [], durationMs: 0 }])
  })

  it('A66 survive the agent: what it granted before it died is closed, and all is delivered', async () => {
    await start()
    const { sessionId } = await relay.request()
    await relay.event(sessionId, 'consent-granted')
    await document(1)
    agent.program.kill('SIGKILL')
    await agent.program.exited
    await start()
    const { claims, isWhole } = await checkReceipts(await document(2))
    expect(isWhole).toBe(true)
    expect(claims[1]).toMatchObject({ kind: 'closing', reason: 'agent-failed', endedAtMs: null, minutes: null })
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RECEIPT, type ReceiptClaims, receiptDocumentSchema, sha256Of } from '#protocol/trust/receipt.ts'
import { checkReceipts } from '#protocol/trust/receipt-check.ts'
import { signStatement } from '#protocol/trust/signed.ts'
import { makeTestKey, type TestKey } from '#testing/keys.ts'
import { TestRelay } from '#testing/relay.ts'
import { TestSession } from '#testing/relay-session.ts'

let relay: TestRelay
let session: TestSession
beforeEach(async () => {
  relay = await TestRelay.start()
  session = await TestSession.connect(relay)
  await session.grant()
})
afterEach(() => relay.close())

/** What an honest device says of this session, with changes. */
async function claims(change: Partial<ReceiptClaims> = {}): Promise<ReceiptClaims> {
  const { request } = await session.agent.waitFor('session.request')
  const { sessionId, operator, organisation, operatorKeyThumbprint, reason, ticket, scopes } = request
  return {
    ...{ version: 1, kind: 'answer', number: 1, previous: null, atMs: 1, agentVersion: '1', protocolVersion: 1 },
    ...{ sessionId, deviceId: session.device.deviceId, organisation, operator, operatorKeyThumbprint, reason, ticket },
    ...{ asked: scopes, granted: scopes, durationMs: 1, shown: null, answer: 'granted' },
    ...change,
  } as ReceiptClaims
}

const sign = async (said: Promise<ReceiptClaims>, key: TestKey = session.device.key) =>
  signStatement(RECEIPT, await said, key.privateKey, key.publicKey)
const send = (receipt: string) => session.agent.request({ type: 'session.receipt', sessionId: session.id, receipt })
const auditOf = async (action: string) => {
  const { body } = await relay.call('GET', '/v1/audit?limit=200', { token: session.token })
  return (body as { entries: { action: string; detail: Record<string, unknown> }[] }).entries.filter(
    entry => entry.action === action,
  )
}

describe('receipts at the relay', () => {
  it('A138 are kept once, with their audit row, given to the operator and to nobody of another organisation', async () => {
    const first = await sign(claims())
    const closing = { kind: 'closing', number: 2, previous: await sha256Of(first), reason: 'user-ended' } as const
    const second = await sign(claims({ ...closing, endedAtMs: 2, minutes: 1 }))
    for (const receipt of [first, first, second]) await send(receipt)
    expect((await session.operator.waitFor('session.receipt')).receipt).toBe(first)
    const path = `/v1/sessions/${session.id}/receipt`
    const reply = await relay.call('GET', path, { token: session.token })
    const document = receiptDocumentSchema.parse(reply.body)
    expect(document.receipts).toEqual([first, second])
    expect(await checkReceipts(document)).toMatchObject({ isWhole: true, thumbprint: session.device.key.thumbprint })
    const rows = await auditOf('receipt.kept')
    expect(rows.map(({ detail }) => detail.sha256)).toEqual([await sha256Of(second), await sha256Of(first)])

    const colleague = await relay.addOperator(session.token, 'bob@example.org')
    expect((await relay.call('GET', path, { token: await relay.signIn(colleague) })).status).toBe(403)
    const stranger = await relay.addOrganisation('Other Ltd', 'eve@other.example')
    expect((await relay.call('GET', path, { token: await relay.signIn(stranger) })).status).toBe(404)
  })

  it('are refused when anything in them is not the device’s word on this session', async () => {
    const other = await makeTestKey()
    const good = await sign(claims())
    const wrong: [string, string][] = [
      ['pass-key-mismatch', await sign(claims(), other)],
      ['signature-invalid', `${good.slice(0, -4)}AAAA`],
      ['signature-invalid', await session.proof()],
      ['bad-request', await sign(claims({ operator: { id: 'somebody-else', name: 'Eve', email: 'e@x.example' } }))],
      ['bad-request', await sign(claims({ operatorKeyThumbprint: other.thumbprint } as Partial<ReceiptClaims>))],
      ['bad-request', await sign(claims({ number: 2 }))],
    ]
    for (const [code, receipt] of wrong) await expect(send(receipt)).rejects.toMatchObject({ code })
    await send(good)
    await expect(send(await sign(claims({ atMs: 2 })))).rejects.toMatchObject({ code: 'bad-request' })
    expect(await auditOf('receipt.kept')).toHaveLength(1)
  })
})

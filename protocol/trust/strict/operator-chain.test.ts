import { beforeAll, describe, expect, it } from 'vitest'
import { makeTestKey, type TestKey } from '#testing/keys.ts'
import {
  type CertificateChange,
  type EndorsementChange,
  makeStrictOrganisation,
  type StrictOrganisation,
} from '#testing/strict-organisation.ts'
import type { ErrorCode } from '../../errors.ts'
import { idFromBytes } from '../../ids.ts'
import { keyWords } from '../key-words.ts'
import { type ChainExpectation, verifyOperatorChain } from './operator-chain.ts'
import { firstStanding, follow, isStrict, type Standing } from './standing.ts'

const NOW_MS = 1_800_000_000_000
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const organisation = { id: idFromBytes('organisation', new Uint8Array(16)), name: 'Riverside Clinic' }
const operator = { id: 'operator-1', name: 'Ada Brandt', email: 'ada@riverside.example' }
const deviceId = idFromBytes('device', new Uint8Array(16))
const other = { ...organisation, id: idFromBytes('organisation', new Uint8Array(16).fill(9)) }

let made: StrictOrganisation
let session: TestKey
let standing: Standing
const expected = (): ChainExpectation => ({
  organisationId: organisation.id,
  operatorId: operator.id,
  deviceId,
  sessionKeyThumbprint: session.thumbprint,
  scopes: ['view', 'control'],
  unattended: false,
  reason: 'Printer',
  ticket: null,
})
const endorsed = () => ({
  deviceId,
  sessionKey: session.thumbprint,
  scopes: ['view', 'control'] as ('view' | 'control')[],
  reason: 'Printer',
  ticket: null,
})

beforeAll(async () => {
  made = await makeStrictOrganisation(organisation, operator, () => NOW_MS)
  session = await makeTestKey()
  standing = await firstStanding(await made.order({ sequence: 3, revoked: [['operator-9', NOW_MS]] }))
})

describe('the chain of a strict organisation', () => {
  it('is good for the session that it names, and says whom the organisation knows', async () => {
    const chain = await made.chain(endorsed())
    expect(await verifyOperatorChain(chain, standing, expected(), NOW_MS)).toMatchObject({ operator, organisation })
  })

  it('is wanted', async () => {
    const refused = verifyOperatorChain(undefined, standing, expected(), NOW_MS)
    await expect(refused).rejects.toMatchObject({ code: 'certificate-required' })
  })

  it.each<[string, CertificateChange, ErrorCode]>([
    ['has run out', { expiresAtMs: NOW_MS - 31_000 }, 'certificate-expired'],
    ['ends within the minute', { expiresAtMs: NOW_MS + 59_000 }, 'certificate-expired'],
    ['begins in 31 s', { notBeforeMs: NOW_MS + 31_000 }, 'certificate-expired'],
    ['is another operator’s', { operator: { ...operator, id: 'operator-2' } }, 'certificate-invalid'],
    ['is another organisation’s', { organisation: other }, 'certificate-invalid'],
    ['allows less', { scopes: ['view'] }, 'certificate-invalid'],
    ['was made after an order that did not get here', { sequence: 4 }, 'organisation-order-stale'],
  ])('A7 is refused when the certificate %s', async (_, change, code) => {
    const chain = await made.chain(endorsed(), change)
    await expect(verifyOperatorChain(chain, standing, expected(), NOW_MS)).rejects.toMatchObject({ code })
  })

  it.each<[string, EndorsementChange]>([
    ['another device', { deviceId: idFromBytes('device', new Uint8Array(16).fill(1)) }],
    ['another key of a session', { sessionKey: 'A'.repeat(43) }],
    ['less', { scopes: ['view'] }],
    ['other words for the person', { reason: 'Payroll' }],
    ['another ticket', { ticket: 'T-1' }],
    ['a session without a person', { unattended: true }],
  ])('A7 is refused when the operator endorsed %s', async (_, change) => {
    const chain = await made.chain(endorsed(), {}, change)
    const refused = verifyOperatorChain(chain, standing, expected(), NOW_MS)
    await expect(refused).rejects.toMatchObject({ code: 'certificate-invalid' })
  })

  it('A7 is refused when another key endorsed the session, and names both keys when another one certified', async () => {
    const stranger = await makeTestKey()
    const endorsedByOther = await made.chain(endorsed(), {}, { by: stranger })
    await expect(verifyOperatorChain(endorsedByOther, standing, expected(), NOW_MS)).rejects.toMatchObject({
      code: 'certificate-invalid',
    })
    const words = (key: TestKey) => keyWords(key.thumbprint).join(' ')
    const certifiedByOther = await made.chain(endorsed(), { by: stranger })
    await expect(verifyOperatorChain(certifiedByOther, standing, expected(), NOW_MS)).rejects.toMatchObject({
      code: 'organisation-key-changed',
      message: expect.stringMatching(
        new RegExp(`expected here is: ${words(made.key)}\\. Offered was: ${words(stranger)}\\.`),
      ),
    })
  })

  it('A1 A2 refuses texts that are no statements of their kind', async () => {
    const chain = await made.chain(endorsed())
    for (const certificate of ['x', 'a.b.c', chain.endorsement, chain.certificate.slice(0, -4), await made.order()]) {
      const refused = verifyOperatorChain({ ...chain, certificate }, standing, expected(), NOW_MS)
      await expect(refused).rejects.toMatchObject({ code: 'certificate-invalid' })
    }
  })

  it('is refused for who was revoked, and good again by a later certificate', async () => {
    const revoked = await follow(standing, await made.order({ sequence: 4, revoked: [['operator-1', NOW_MS]] }))
    const before = await made.chain(endorsed(), { issuedAtMs: NOW_MS - 1 })
    await expect(verifyOperatorChain(before, revoked, expected(), NOW_MS)).rejects.toMatchObject({
      code: 'certificate-revoked',
    })
    const after = await made.chain(endorsed(), { issuedAtMs: NOW_MS })
    await expect(verifyOperatorChain(after, revoked, expected(), NOW_MS)).resolves.toMatchObject({ operator })
  })

  it('is refused when the newest known order has run out: a revocation can’t be hidden for longer', async () => {
    const chain = await made.chain(endorsed(), { expiresAtMs: NOW_MS + 80 * DAY_MS })
    const atMs = NOW_MS + 30 * DAY_MS
    await expect(verifyOperatorChain(chain, standing, expected(), atMs + 29_000)).resolves.toBeDefined()
    await expect(verifyOperatorChain(chain, standing, expected(), atMs + 31_000)).rejects.toMatchObject({
      code: 'organisation-order-expired',
    })
  })
})

describe('what a key is held to', () => {
  it('is strict without an order, until the key itself says otherwise', async () => {
    const pinned = { key: made.key.publicKey, order: null }
    expect(isStrict(pinned)).toBe(true)
    expect(isStrict(await follow(pinned, await made.order({ strict: false })))).toBe(false)
  })

  it('follows one hand-over after the other, and no longer the key of before', async () => {
    const [second, third] = [await makeTestKey(), await makeTestKey()]
    const handed = await follow(standing, await made.order({ sequence: 5, nextKey: second.publicKey }))
    expect(handed.key).toEqual(second.publicKey)
    await expect(follow(handed, await made.order({ sequence: 6 }))).rejects.toMatchObject({
      code: 'organisation-key-changed',
    })
    const again = await follow(handed, await made.order({ sequence: 6, by: second, nextKey: third.publicKey }))
    expect(again.key).toEqual(third.publicKey)
  })

  it.each([2, 3])('A127 takes no order that is as old as number %i', async sequence => {
    const refused = follow(standing, await made.order({ sequence, strict: false }))
    await expect(refused).rejects.toMatchObject({ code: 'organisation-order-stale' })
  })

  it('A127 takes no order of another key or organisation, and none that is valid for ever', async () => {
    const by = await makeTestKey()
    const strange = [made.order({ by, sequence: 9 }), made.order({ organisationId: other.id, sequence: 9 })]
    for (const order of strange)
      await expect(follow(standing, await order)).rejects.toMatchObject({ code: 'organisation-key-changed' })
    const endless = await made.order({ sequence: 9, validUntilMs: NOW_MS + 400 * DAY_MS })
    await expect(follow(standing, endless)).rejects.toMatchObject({ code: 'signature-invalid' })
  })
})

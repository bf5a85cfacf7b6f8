import { argon2Sync, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { passwordKeyOf } from '../../src/main/sessions/unattended/password-key.ts'
import { SESSION_DURATION_MS } from '../limits.ts'
import { groupedPassword, passwordFromBytes, readPassword } from './password.ts'
import { clientKeyOf, makeProof, openProof, storedKeyOf } from './proof.ts'
import { unattendedOrderSchema } from './wire.ts'

describe('one-time passwords', () => {
  it('A74 a million have no repeat and all characters alike', () => {
    const seen = new Set<string>()
    const counts = new Map<string, number>()
    const total = 1_000_000
    // One request for many bytes: the generator is the same, and this is a test of what is made of them.
    const bytes = randomBytes(13 * total)
    for (let index = 0; index < total; index++) {
      const password = passwordFromBytes(bytes.subarray(index * 13, index * 13 + 13))
      seen.add(password)
      for (const character of password) counts.set(character, (counts.get(character) ?? 0) + 1)
    }
    expect(seen.size).toBe(total)
    expect(counts.size).toBe(32)
    const expected = (13 * total) / 32
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 31 degrees of freedom: beyond 80.5 once in a million runs.
    expect(chiSquare).toBeLessThan(80.5)
  })

  it('are read as people write them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 13, maxLength: 13 }), bytes => {
        const password = passwordFromBytes(bytes)
        const written = groupedPassword(password).toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')
        expect(readPassword(` ${written.replaceAll('-', ' - ')} `)).toBe(password)
      }),
    )
    for (const typed of ['', '7XK2', 'U'.repeat(13), '7XK2-M9QP-TV3RHX', 'x'.repeat(100_000)])
      expect(readPassword(typed)).toBeUndefined()
  })

  it('give both sides the same key', async () => {
    const salt = randomBytes(16)
    const own = await passwordKeyOf('7XK2M9QPTV3RH', salt)
    const node = argon2Sync('argon2id', {
      ...{ message: '7XK2M9QPTV3RH', nonce: salt, parallelism: 1, tagLength: 32, memory: 19_456, passes: 2 },
    })
    expect(Buffer.from(own).equals(node)).toBe(true)
  })
})

it('A72 a relay can’t say that an operator may be in for longer than any session lasts', () => {
  const { lengthMs } = unattendedOrderSchema.shape
  expect(lengthMs.safeParse(SESSION_DURATION_MS).success).toBe(true)
  for (const wrong of [SESSION_DURATION_MS + 1, Number.MAX_SAFE_INTEGER, 0, -1, 1.5])
    expect(lengthMs.safeParse(wrong).success).toBe(false)
})

describe('proofs', () => {
  const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
  const transcript = fc.uint8Array({ minLength: 1, maxLength: 64 })

  it('A76 are opened by the stored key for their own transcript only, and the stored key makes none', () => {
    fc.assert(
      fc.property(bytes32, bytes32, transcript, transcript, (key, otherKey, said, otherSaid) => {
        const clientKey = clientKeyOf(key)
        const storedKey = storedKeyOf(clientKey)
        const proof = makeProof(clientKey, said)
        expect(openProof(storedKey, proof, said)).toEqual(clientKey)
        if (Buffer.compare(said, otherSaid) !== 0) expect(openProof(storedKey, proof, otherSaid)).toBeUndefined()
        if (Buffer.compare(key, otherKey) !== 0)
          expect(openProof(storedKey, makeProof(clientKeyOf(otherKey), said), said)).toBeUndefined()
        expect(openProof(storedKey, makeProof(storedKey, said), said)).toBeUndefined()
        expect(openProof(storedKey, proof.subarray(1), said)).toBeUndefined()
      }),
    )
  })
})

describe('the time that a wrong password takes', () => {
  it('A17 A73 says nothing about which of its characters is wrong', async () => {
    const right = '7XK2M9QPTV3RH'
    const salt = randomBytes(16)
    const keyOf = (password: string) =>
      clientKeyOf(
        argon2Sync('argon2id', {
          ...{ message: password, nonce: salt, parallelism: 1, tagLength: 32, memory: 19_456, passes: 2 },
        }),
      )
    const storedKey = storedKeyOf(keyOf(right))
    const transcript = randomBytes(200)
    const wrong = { first: 'ABCDEFG'.split(''), last: 'ABCDEFG'.split('') }
    const proofs = {
      first: wrong.first.map(character => makeProof(keyOf(`${character}${right.slice(1)}`), transcript)),
      last: wrong.last.map(character => makeProof(keyOf(`${right.slice(0, -1)}${character}`), transcript)),
    }
    const times: Record<'first' | 'last', number[]> = { first: [], last: [] }
    // Taken in turns, so that whatever else the machine does falls on both alike; compared by their medians, which single long ones don't move.
    for (let round = 0; round < 4_000; round++) {
      for (const which of ['first', 'last'] as const) {
        const proof = proofs[which][round % 7] ?? new Uint8Array(32)
        const startedMs = performance.now()
        const opened = openProof(storedKey, proof, transcript)
        times[which].push(performance.now() - startedMs)
        expect(opened).toBeUndefined()
      }
    }
    const median = (values: number[]) => values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0
    expect(Math.abs(median(times.first) - median(times.last))).toBeLessThan(0.1 * median(times.first))
  })
})

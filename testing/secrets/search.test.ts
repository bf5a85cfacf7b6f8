import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { LEASE } from '#protocol/trust/lease.ts'
import { signToken } from '#protocol/trust/token.ts'
import { makeTestKey } from '../keys.ts'
import { SecretSearch } from './search.ts'

it('A73 finds a secret in each form in which programs write, wherever it stands in something longer', () => {
  const secret = randomBytes(32)
  const around = (before: number) => Buffer.concat([randomBytes(before), secret, randomBytes(7)])
  const places: Record<string, string | Buffer> = {
    raw: around(5),
    hex: around(5).toString('hex'),
    HEX: around(5).toString('hex').toUpperCase(),
  }
  for (const before of [0, 1, 2, 3, 4, 5]) {
    places[`base64 after ${before}`] = around(before).toString('base64')
    places[`base64url after ${before}`] = around(before).toString('base64url')
  }
  const search = new SecretSearch()
  search.know('secret', secret)
  search.know('words', 'red "river"\nstone')
  for (const [place, text] of Object.entries(places)) search.look(place, text)
  search.look('elsewhere', randomBytes(4096).toString('base64'))
  search.look('a JSON text', JSON.stringify({ said: 'red "river"\nstone' }))
  search.look('an address', `?said=${encodeURIComponent('red "river"\nstone')}`)
  const found = Object.keys(places).map(place => `secret: ${place}`)
  expect(search.findings()).toEqual([...found, 'words: a JSON text', 'words: an address'].sort())
})

it('finds signed tokens that nobody made known, and takes nothing else for one', async () => {
  const { privateKey, publicKey } = await makeTestKey()
  const search = new SecretSearch()
  search.look('log', `lease=${await signToken(LEASE, { sub: 'x' }, publicKey.x.slice(0, 16), privateKey)}, and more`)
  search.look('kept', `${Buffer.from('{"typ":"handhold-receipt+jws"}').toString('base64url')}.e30.c2ln`)
  expect(search.findings()).toEqual([`${LEASE.typ}: log`])
})

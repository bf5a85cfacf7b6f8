import { expect, it } from 'vitest'
import type { TurnCredential } from '../wire/paths.ts'
import { IcePaths } from './ice-paths.ts'

const credential = (name: string): TurnCredential => ({ username: name.padEnd(16, '-'), password: 'p'.repeat(32) })
const credentials = ['one', 'two'].map(credential)

it('goes straight, by no server, until the relay says more', () => {
  expect(new IcePaths().next()).toEqual({ iceServers: [], iceTransportPolicy: 'all' })
})

it('gives each connection another credential, at the relay’s own address', () => {
  const paths = new IcePaths()
  paths.set('https://relay.example.org', { credentials, onlyRelay: false })
  const taken = [paths.next(), paths.next(), paths.next()]
  expect(taken.map(({ iceServers: [server] }) => server?.username.replace(/-+$/, ''))).toEqual(['one', 'two', 'one'])
  expect(taken[0]?.iceServers[0]?.urls).toEqual([
    'turns:relay.example.org:443?transport=tcp',
    'turn:relay.example.org:443?transport=tcp',
  ])
})

it('where only the relay is left, nothing else is, also without a credential', () => {
  const paths = new IcePaths()
  paths.set('http://127.0.0.1:7443', { credentials: [], onlyRelay: true })
  expect(paths.next()).toEqual({ iceServers: [], iceTransportPolicy: 'relay' })
  paths.set('http://[::1]:7443', { credentials, onlyRelay: true })
  expect(paths.next().iceServers[0]?.urls).toEqual(['turn:[::1]:7443?transport=tcp'])
})

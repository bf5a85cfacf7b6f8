import { expect, test } from 'vitest'
import { FakeMain, PASSWORD } from '../checks/fake-main.ts'
import { RELAY_URL, sampleDevice, sampleTab, user } from '../checks/samples.ts'
import { createOperatorApp } from './operator-app.ts'
import { createOperatorStore, followMain } from './operator-store.ts'
import { refusalOf } from './refusal.ts'

const DEVICES = [sampleDevice(1), sampleDevice(2), sampleDevice(3)] as const
const [first, second, third] = DEVICES
const devices = { error: null, devices: [...DEVICES] }

async function open(main: FakeMain) {
  const app = createOperatorApp(main.bridge)
  await Promise.resolve()
  await Promise.resolve()
  return app
}

test('an event that overtakes the snapshot is newer than it and wins', async () => {
  const main = new FakeMain({ devices })
  const store = createOperatorStore()
  const { loaded } = followMain(main.bridge, store)
  main.emit('linkChanged', { name: 'connecting' })
  expect(store.getState().name).toBe('loading')
  await loaded
  expect(store.getState()).toMatchObject({ name: 'ready', link: { name: 'connecting' } })
})

test('lists of devices hear of patches, of a connection that came back, and of somebody who wants them anew', async () => {
  const main = new FakeMain({ devices })
  const app = await open(main)
  const heard: unknown[] = []
  const stop = app.devices.subscribe(news => void heard.push(news))
  const patch = { changed: [{ ...first, busy: true }], removed: [second.id] }
  main.emit('devicesPatched', patch)
  main.emit('devicesStale', undefined)
  app.devices.refresh()
  stop()
  main.emit('devicesStale', undefined)
  expect(heard).toEqual([patch, 'stale', 'stale'])
})

test('a snapshot that main refuses is told with main’s words', async () => {
  const main = new FakeMain()
  main.refusals.set('snapshot', { code: 'internal', message: 'Restart the app.' })
  const store = createOperatorStore()
  await followMain(main.bridge, store).loaded
  expect(store.getState()).toEqual({ name: 'failed', refusal: { code: 'internal', message: 'Restart the app.' } })
})

test('sign-in goes through main, and a refusal comes back with its code and words', async () => {
  const main = new FakeMain({ auth: { name: 'signed-out', lastRelayUrl: '', lastEmail: '' } })
  const app = await open(main)
  const form = { relayUrl: RELAY_URL, email: user.email, password: 'no' }
  const refusal = await app.signIn(form).catch(refusalOf)
  expect(refusal).toEqual({ code: 'sign-in-failed', message: 'E-mail or password is wrong. Check both and try again.' })
  await app.signIn({ ...form, password: PASSWORD })
  expect(app.main.getState()).toMatchObject({ auth: { name: 'signed-in' } })
})

test('a started session is the selected tab, and asking again repeats everything that was asked', async () => {
  const main = new FakeMain({ devices })
  const app = await open(main)
  const ask = {
    deviceId: first.id,
    reason: 'help',
    ticketReference: 'INC-1',
    scopes: ['view' as const],
    isUnattended: false,
  }
  await app.startSession(ask)
  const [tab] = main.state.sessions
  if (!tab) throw new Error('no tab')
  expect(app.ui.getState()).toMatchObject({ selected: tab.ticket, dialog: null })
  main.setSession(tab.ticket, { name: 'closed', reason: 'denied' })
  // The window forgot what was typed: it was loaded anew.
  const reloaded = await open(main)
  await reloaded.askAgain(tab)
  expect(main.calls.filter(({ name }) => name === 'startSession').map(({ args }) => args)).toEqual([ask, ask])
  expect(main.state.sessions).toHaveLength(1)
  expect(reloaded.ui.getState().selected).toBe(main.state.sessions[0]?.ticket)
})

test('a tab that goes leaves the selection to its neighbour and takes its preferences along', async () => {
  const tabs = [first, second, third].map(device => sampleTab(device, { name: 'notifying' }))
  const main = new FakeMain({ devices, sessions: tabs })
  const app = await open(main)
  const tickets = tabs.map(tab => tab.ticket)
  app.ui.setState({ selected: tickets[1] ?? '' })
  await app.closeTab(tickets[1] ?? '')
  expect(app.ui.getState().selected).toBe(tickets[2])
  await app.closeTab(tickets[2] ?? '')
  expect(app.ui.getState().selected).toBe(tickets[0])
  await app.closeTab(tickets[0] ?? '')
  expect(app.ui.getState().selected).toBe('devices')
})

test('signing out closes what was shown', async () => {
  const main = new FakeMain({ devices, sessions: [sampleTab(first, { name: 'notifying' })] })
  const app = await open(main)
  app.ui.setState({ selected: main.state.sessions[0]?.ticket ?? '' })
  await app.signOut()
  expect(app.ui.getState().selected).toBe('devices')
})

test('whatever was thrown becomes a refusal that can be shown', () => {
  const unknown = refusalOf(undefined)
  expect(unknown.code).toBe('unknown')
  for (const thrown of [null, 7, 'x', {}, { code: 1, message: 2 }, { code: 'internal', message: '' }]) {
    expect(refusalOf(thrown)).toEqual(unknown)
  }
  expect(refusalOf({ code: 'internal', message: 'm'.repeat(9_000) }).message).toHaveLength(500)
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HelpWay } from '#protocol/help/wire.ts'
import { type AgentSocket, type TestDevice, TestRelay } from '#testing/relay.ts'
import type { Credentials } from '../auth/auth.ts'
import { State } from '../state.ts'
import { type Help, setupHelp } from './help.ts'

let relay: TestRelay
let device: TestDevice
let agent: AgentSocket
let credentials: State<Credentials | undefined>
let help: Help
beforeEach(async () => {
  relay = await TestRelay.start()
  const token = await relay.signIn()
  device = await relay.enrol(await relay.mintEnrolmentToken(token))
  agent = await relay.openAgentSocket(device)
  credentials = new State<Credentials | undefined>({ origin: relay.url, token })
  help = setupHelp(credentials)
})
afterEach(() => relay.close())

const ask = (way: HelpWay) => agent.request({ type: 'help.ask', wish: { way, words: 'The printer', who: 'petra' } })

test('who waits is listed, and gone once somebody takes them', async () => {
  await ask('queue')
  await help.load()
  const [waiting] = help.state.get().waiting
  expect(help.state.get()).toMatchObject({ status: 'ready', waiting: [{ who: 'petra', words: 'The printer' }] })
  expect(await help.take(waiting?.id ?? '')).toMatchObject({ deviceId: device.deviceId, words: 'The printer' })
  await expect(help.take(waiting?.id ?? '')).rejects.toMatchObject({ code: 'not-found' })
  expect(help.state.get().waiting).toEqual([])
})

test('a code leads to its device, a wrong one to words', async () => {
  await ask('code')
  const told = await agent.waitFor('help.changed')
  if (told.help.news !== 'code') throw new Error('no code')
  await expect(help.redeem('000 000 000')).rejects.toMatchObject({ code: 'help-code-invalid' })
  expect(await help.redeem(told.help.code)).toMatchObject({ deviceId: device.deviceId })
})

test('a list that can’t be read keeps what it had and says so; signing out forgets it', async () => {
  await ask('queue')
  await help.load()
  await relay.close()
  await help.load()
  expect(help.state.get()).toMatchObject({ status: 'failed', error: { code: 'relay-unreachable' }, waiting: [{}] })
  credentials.set(undefined)
  help.clear()
  await help.load()
  expect(help.state.get()).toEqual({ status: 'loading', error: null, waiting: [] })
  await expect(help.take('hlp_x')).rejects.toMatchObject({ code: 'unauthenticated' })
})

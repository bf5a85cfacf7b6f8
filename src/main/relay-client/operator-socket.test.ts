import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RelayLinkState } from '#ipc/operator.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'
import { OperatorSocket } from './operator-socket.ts'

const clock = new ManualClock()
let relay: TestRelay
let token: string
beforeAll(async () => {
  relay = await TestRelay.start({ clock })
  token = await relay.signIn()
})
afterAll(() => relay.close())

it.each([
  [0, null],
  [60, null],
  [184, 'is 184 s ahead of the relay’s'],
  [-90, 'is 90 s behind the relay’s'],
])('tells the person where the clock of this computer is %i s from the relay’s', async (aheadS, words) => {
  const online = Promise.withResolvers<RelayLinkState>()
  const socket = new OperatorSocket({
    origin: relay.url,
    token,
    now: () => clock.nowMs() + aheadS * 1000,
    onMessage: () => undefined,
    onState: state => state.name === 'online' && online.resolve(state),
    onUnauthenticated: () => undefined,
  })
  const state = await online.promise
  socket.close()
  expect(state).toEqual({ name: 'online', clock: words === null ? null : expect.stringContaining(words) })
})

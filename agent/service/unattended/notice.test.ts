import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ConsentToService, ServiceToConsent } from '#protocol/consent.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import type { DeskState } from '../../platform/platform.ts'
import { createLogger } from '../log.ts'
import { UnattendedNotice } from './notice.ts'

let stateDir: string
let clock: ManualClock
let desk: DeskState
let windows: { told: ServiceToConsent[]; say: (message: ConsentToService) => void; isOpen: boolean }[]
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'handhold-notice-'))
  clock = new ManualClock(1_000)
  desk = 'present'
  windows = []
})
afterEach(() => rm(stateDir, { recursive: true, force: true }))

const start = () =>
  UnattendedNotice.open({
    stateDir,
    organisation: 'Example Ltd',
    clock: { wallMs: clock.nowMs, monotonicMs: clock.nowMs, setTimer: clock.setTimer },
    log: createLogger('silent'),
    readDesk: () => Promise.resolve(desk),
    hasDisplay: true,
    openWindow({ onMessage, onGone }) {
      const window = { told: [] as ServiceToConsent[], say: onMessage, isOpen: true }
      windows.push(window)
      return {
        send: message => void window.told.push(message),
        kill() {
          window.isOpen = false
          onGone('it was ended')
        },
        gone: Promise.resolve(),
      }
    },
  })
const NOTICE = [{ type: 'notice', organisation: 'Example Ltd' }]

it('A64 whoever is there is told at the next start that nobody is asked any more, once', async () => {
  const before = await start()
  await before.handlePolicy(false)
  // Made one without a person while the agent runs: nothing happens there now.
  await before.handlePolicy(true)
  await before.settled
  expect(windows).toHaveLength(0)

  const next = await start()
  await next.handlePolicy(true)
  windows[0]?.say({ type: 'ready' })
  expect(windows[0]?.told).toEqual(NOTICE)
  windows[0]?.say({ type: 'shown' })
  windows[0]?.say({ type: 'understood' })
  expect(windows[0]?.isOpen).toBe(false)
  await next.settled
  await (await start()).handlePolicy(true)
  expect(windows).toHaveLength(1)
})

it('A64 is told anew after it was switched off and on again', async () => {
  const first = await start()
  await first.handlePolicy(true)
  windows[0]?.say({ type: 'shown' })
  clock.advance(60_000)
  expect(windows[0]?.isOpen).toBe(false)
  await first.handlePolicy(false)
  await first.handlePolicy(true)
  await first.settled
  await (await start()).handlePolicy(true)
  expect(windows).toHaveLength(2)
})

it('A64 a relay that says no and asks for a session without a person all the same is told of at the next start', async () => {
  const lied = await start()
  await lied.handlePolicy(false)
  lied.handleRequest(true)
  await lied.settled
  await (await start()).handlePolicy(false)
  expect(windows).toHaveLength(1)
})

it('covers no question, and waits for a start with somebody there', async () => {
  const asked = await start()
  await asked.handlePolicy(true)
  windows[0]?.say({ type: 'shown' })
  asked.handleRequest(false)
  expect(windows[0]?.isOpen).toBe(false)
  clock.advance(60_000)
  await asked.settled
  desk = 'nobody'
  await (await start()).handlePolicy(true)
  expect(windows).toHaveLength(1)
  desk = 'present'
  await (await start()).handlePolicy(true)
  expect(windows).toHaveLength(2)
})

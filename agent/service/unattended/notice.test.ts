import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ConsentToService, ServiceToConsent } from '#protocol/consent.ts'
import { idFromBytes } from '#protocol/ids.ts'
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

const EXAMPLE = { id: idFromBytes('organisation', new Uint8Array(16).fill(1)), name: 'Example Ltd' }
const OTHER = { id: idFromBytes('organisation', new Uint8Array(16).fill(2)), name: 'Other Ltd' }

const start = (organisation = EXAMPLE) =>
  UnattendedNotice.open({
    stateDir,
    organisation,
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

it('A64 says nothing to the next organisation’s people of what the one before it did, and tells them anew of what theirs does', async () => {
  const lied = await start()
  await lied.handlePolicy(false)
  lied.handleRequest(true)
  await lied.settled
  const moved = await start(OTHER)
  await moved.handlePolicy(false)
  await moved.settled
  expect(windows).toHaveLength(0)

  const told = await start()
  await told.handlePolicy(true)
  windows[0]?.say({ type: 'understood' })
  await told.settled
  // Whoever read the one organisation's hasn't read the other's.
  await (await start(OTHER)).handlePolicy(true)
  windows[1]?.say({ type: 'ready' })
  expect(windows[1]?.told).toEqual([{ type: 'notice', organisation: 'Other Ltd' }])
})

it('A64 a file that can’t be read, or doesn’t say whose people were told, is none: they are told once more', async () => {
  for (const text of ['{', '{"isTold":true,"wasUsed":false}']) {
    await writeFile(join(stateDir, 'notice.json'), text)
    await (await start()).handlePolicy(true)
    expect(windows.splice(0)).toHaveLength(1)
  }
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

import { describe, expect, it } from 'vitest'
import type { ComeBackState } from '#ipc/operator.ts'
import { HandholdError } from '#protocol/errors.ts'
import type { SessionState } from '#protocol/session/state.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { ComeBack } from './come-back.ts'

const scopes = ['view' as const]
const active: SessionState = { name: 'active', scopes, untilMs: 1, mode: 'view' }
const connecting: SessionState = { name: 'connecting', scopes, untilMs: 1 }
const lingering: SessionState = { name: 'lingering', scopes, untilMs: 1 }
const closed: SessionState = { name: 'closed', reason: 'expired' }

/** One session's app at half of each wait's window, with the answers to its tries. */
function open(...answers: (HandholdError | null)[]) {
  const clock = new ManualClock()
  const told: ComeBackState['name'][] = []
  let tries = 0
  const comeBack: ComeBack = new ComeBack({
    resume: async () => {
      const refusal = answers[tries++]
      if (refusal) throw refusal
    },
    onChange: () => told.push(comeBack.state?.name ?? 'stopped'),
    now: clock.nowMs,
    random: () => 0.5,
    setTimer: (run, delayMs) => clock.setTimer(run, delayMs),
  })
  const pass = async (ms: number) => {
    clock.advance(ms)
    // What a try answers comes a few turns later.
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  }
  return { comeBack, clock, told, pass, tries: () => tries }
}
const offline = new HandholdError('device-offline', 'The device is not there.')

describe('an unattended session whose connection is lost', () => {
  it('is come back to at once, and again with longer waits for as long as something is only missing', async () => {
    const { comeBack, clock, pass, tries } = open(offline, offline, null)
    comeBack.handleState(active)
    comeBack.handleState(lingering)
    comeBack.handleState(lingering)
    expect(comeBack.state).toEqual({ name: 'waiting', retryAtMs: clock.nowMs() + 500, problem: null })
    await pass(500)
    expect(comeBack.state).toEqual({ name: 'waiting', retryAtMs: clock.nowMs() + 1_000, problem: offline.message })
    await pass(1_000)
    expect(comeBack.state).toMatchObject({ retryAtMs: clock.nowMs() + 2_000 })
    await pass(2_000)
    expect([tries(), comeBack.state]).toEqual([3, null])
    comeBack.handleState(connecting)
    comeBack.handleState(active)
    await pass(3_600_000)
    expect(tries()).toBe(3)
  })

  it('is left alone where its operator went, where this app was never in, and once it is over', async () => {
    for (const before of [[], [active, 'leave'], [active, lingering, 'leave'], [active, lingering, closed]] as const) {
      const { comeBack, pass, tries } = open()
      for (const step of before) {
        if (step === 'leave') comeBack.leave()
        else comeBack.handleState(step)
      }
      if (!before.includes(closed as never)) comeBack.handleState(lingering)
      await pass(3_600_000)
      expect([tries(), comeBack.state]).toEqual([0, null])
    }
  })

  it('is not tried again after a refusal that stays one; whoever presses the button is told, and it goes on where that helps', async () => {
    const { comeBack, pass, tries } = open(new HandholdError('otp-burnt', 'Burnt.'), offline, null)
    comeBack.handleState(active)
    comeBack.handleState(lingering)
    await pass(500)
    expect(comeBack.state).toEqual({ name: 'stopped', problem: 'Burnt.' })
    await pass(3_600_000)
    expect(tries()).toBe(1)
    await expect(comeBack.tryNow()).rejects.toMatchObject({ code: 'device-offline' })
    expect(comeBack.state).toMatchObject({ name: 'waiting', problem: offline.message })
    await pass(60_000)
    expect(tries()).toBe(3)
  })

  it('by a host that crashes again and again is waited for longer each time, until a connection holds a minute', async () => {
    const { comeBack, clock, pass } = open()
    const loseAfter = async (heldMs: number) => {
      comeBack.handleState(active)
      await pass(heldMs)
      comeBack.handleState(lingering)
      const waitMs = comeBack.state?.name === 'waiting' ? comeBack.state.retryAtMs - clock.nowMs() : Number.NaN
      await pass(waitMs)
      return waitMs
    }
    expect([await loseAfter(10), await loseAfter(10), await loseAfter(10)]).toEqual([500, 1_000, 2_000])
    expect(await loseAfter(60_000)).toBe(500)
  })

  it('by two at once is one try', async () => {
    const { comeBack, told, pass, tries } = open(null)
    comeBack.handleState(active)
    comeBack.handleState(lingering)
    const pressed = comeBack.tryNow()
    await Promise.all([pressed, comeBack.tryNow()])
    await pass(60_000)
    expect([tries(), told]).toEqual([1, ['waiting', 'trying', 'trying']])
  })
})

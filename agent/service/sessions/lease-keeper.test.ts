import { describe, expect, it } from 'vitest'
import { HandholdError } from '#protocol/errors.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { LeaseKeeper } from './lease-keeper.ts'

/** A lease is right when it is the nonce of the question; the relay answers while `answers`, and is there while `isThere`. */
function keep() {
  const clock = new ManualClock(0)
  const told: string[] = []
  const asked: string[] = []
  const relay = { isThere: true }
  let count = 0
  const keeper = new LeaseKeeper({
    clock: { wallMs: clock.nowMs, monotonicMs: clock.nowMs, setTimer: clock.setTimer },
    newNonce: () => `nonce-${count++}`,
    ask: nonce => {
      asked.push(nonce)
      return relay.isThere
    },
    verify: async (lease, nonce) => {
      if (lease !== nonce) throw new HandholdError('lease-invalid', 'another question')
    },
    onRenewed: lease => told.push(`renewed ${lease}`),
    onFrozen: isFrozen => told.push(isFrozen ? 'frozen' : 'thawed'),
    onLapsed: reason => told.push(reason),
  })
  const answer = () => keeper.accept(asked.at(-1) ?? '')
  return { clock, keeper, told, asked, relay, answer }
}

describe('LeaseKeeper', () => {
  it('asks at once and every 30 s, and goes on while it is answered', async () => {
    const { clock, keeper, told, asked, answer } = keep()
    for (let times = 0; times < 10; times++) {
      await answer()
      clock.advance(30_000)
    }
    expect(asked).toHaveLength(11)
    expect(told.filter(word => !word.startsWith('renewed'))).toEqual([])
    expect(keeper.current).toBe('nonce-9')
  })

  it('freezes at 45 s and ends at 90 s without an answer', async () => {
    const { clock, keeper, told, answer } = keep()
    await answer()
    clock.advance(44_999)
    expect(told).toEqual(['renewed nonce-0'])
    clock.advance(1)
    expect(told.at(-1)).toBe('frozen')
    expect(keeper.current).toBeUndefined()
    clock.advance(44_999)
    expect(told.at(-1)).toBe('frozen')
    clock.advance(1)
    expect(told.at(-1)).toBe('policy-revoked')
    expect(clock.pendingTimers).toBe(0)
  })

  it('calls it a lost link when the relay was not there to ask', () => {
    const { clock, told, relay } = keep()
    relay.isThere = false
    clock.advance(90_000)
    expect(told).toEqual(['frozen', 'link-lost'])
  })

  it('thaws when the relay is back, and asks it at once', async () => {
    const { clock, keeper, told, relay, answer } = keep()
    await answer()
    relay.isThere = false
    clock.advance(60_000)
    relay.isThere = true
    keeper.renew()
    await answer()
    expect(told.slice(1)).toEqual(['frozen', 'thawed', expect.stringMatching(/^renewed/)])
    clock.advance(44_000)
    expect(told.at(-1)).not.toBe('frozen')
  })

  it('counts from the question: an answer that was kept back for 44 s holds for one', async () => {
    const { clock, told, keeper } = keep()
    // The relay is asked again every 5 s; a keeper that has asked once only is one whose timers were late.
    const question = 'nonce-0'
    clock.set(44_000)
    await keeper.accept(question)
    clock.advance(1_000)
    expect(told).toEqual(['renewed nonce-0', 'frozen'])
  })

  it('refuses an answer of before, a second one, and any after the end', async () => {
    const { clock, keeper, told } = keep()
    await keeper.accept('nonce-0')
    await expect(keeper.accept('nonce-0')).rejects.toMatchObject({ code: 'lease-invalid' })
    clock.advance(30_000)
    await expect(keeper.accept('nonce-0')).rejects.toMatchObject({ code: 'lease-invalid' })
    keeper.stop()
    await expect(keeper.accept('nonce-1')).rejects.toMatchObject({ code: 'lease-invalid' })
    clock.advance(200_000)
    expect(told).toEqual(['renewed nonce-0'])
  })
})

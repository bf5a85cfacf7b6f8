import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConsentToService } from '#protocol/consent.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { Clock } from '../../links/clock.ts'
import { ConsentDecision, type ConsentOutcome } from './consent-decision.ts'

/** Time that passes when a test says so. */
function manualClock(): Clock & { advance(ms: number): void } {
  let nowMs = 0
  const timers = new Map<number, { atMs: number; run: () => void }>()
  let next = 0
  return {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs,
    setTimer(run, delayMs) {
      const id = next++
      timers.set(id, { atMs: nowMs + delayMs, run })
      return () => timers.delete(id)
    },
    advance(ms) {
      nowMs += ms
      for (const [id, timer] of [...timers]) {
        if (timer.atMs > nowMs || !timers.delete(id)) continue
        timer.run()
      }
    },
  }
}

const yes = (number: number | null = null, scopes: Scope[] = ['view']): ConsentToService => ({
  type: 'answer',
  answer: { accept: true, scopes, number, language: 'en' },
})
const YES = yes()

/** `picked`: the number that would be right; null where none is asked for. */
function ask(picked: number | null = null) {
  const clock = manualClock()
  const outcomes: ConsentOutcome[] = []
  const asked = { again: 0 }
  const decision = new ConsentDecision({
    clock,
    timeoutMs: 30_000,
    armDelayMs: 700,
    askedScopes: ['view', 'control'],
    isRightNumber: number => number === picked,
    onShown: () => undefined,
    onTooEarly: () => asked.again++,
    onDecided: outcome => outcomes.push(outcome),
  })
  return { clock, decision, outcomes, asked }
}

describe('consent decision', () => {
  it('accepts an answer to a dialog that was on the screen for 700 ms', () => {
    const { clock, decision, outcomes } = ask()
    decision.handle({ type: 'shown' })
    clock.advance(700)
    decision.handle(YES)
    expect(outcomes).toEqual([{ accepted: true, scopes: ['view'] }])
  })

  it('asks again after a "yes" that came too early, and arms anew', () => {
    const { clock, decision, outcomes, asked } = ask()
    decision.handle({ type: 'shown' })
    clock.advance(699)
    decision.handle(YES)
    expect([outcomes, asked.again]).toEqual([[], 1])
    decision.handle({ type: 'shown' })
    clock.advance(699)
    decision.handle(YES)
    expect([outcomes, asked.again]).toEqual([[], 2])
    decision.handle({ type: 'shown' })
    clock.advance(700)
    decision.handle(YES)
    expect(outcomes).toEqual([{ accepted: true, scopes: ['view'] }])
  })

  it('doesn’t get more time by being asked again', () => {
    const { clock, decision, outcomes } = ask()
    decision.handle({ type: 'shown' })
    decision.handle(YES)
    clock.advance(20_000)
    decision.handle({ type: 'shown' })
    clock.advance(10_000)
    expect(outcomes).toMatchObject([{ accepted: false, reason: 'consent-timeout' }])
  })

  it('tells a person’s "no" from a dialog that nobody saw', () => {
    const unseen = ask()
    unseen.decision.windowGone('test')
    expect(unseen.outcomes).toMatchObject([{ accepted: false, reason: 'agent-failed' }])
    const closed = ask()
    closed.decision.handle({ type: 'shown' })
    closed.decision.windowGone('test')
    expect(closed.outcomes).toMatchObject([{ accepted: false, reason: 'denied' }])
  })

  it('gives up 30 s after the dialog was shown, not after it was asked for', () => {
    const { clock, decision, outcomes } = ask()
    clock.advance(9_000)
    decision.handle({ type: 'shown' })
    clock.advance(29_999)
    expect(outcomes).toEqual([])
    clock.advance(1)
    expect(outcomes).toMatchObject([{ accepted: false, reason: 'consent-timeout' }])
  })

  it('says no when the dialog is not shown in 10 s', () => {
    const { clock, outcomes } = ask()
    clock.advance(10_000)
    expect(outcomes).toMatchObject([{ accepted: false, reason: 'agent-failed' }])
  })

  it('one wrong number is a "no", and no number is one too', () => {
    for (const number of [12, null]) {
      const { clock, decision, outcomes } = ask(34)
      decision.handle({ type: 'shown' })
      clock.advance(700)
      decision.handle(yes(number))
      decision.handle(yes(34))
      expect(outcomes).toMatchObject([{ accepted: false, reason: 'denied' }])
    }
  })

  it('A57 a window that allows more than was asked for allows nothing', () => {
    const clock = manualClock()
    const outcomes: ConsentOutcome[] = []
    const decision = new ConsentDecision({
      ...{ clock, timeoutMs: 30_000, armDelayMs: 700, askedScopes: ['view'], isRightNumber: () => true },
      ...{ onShown: () => undefined, onTooEarly: () => undefined, onDecided: outcome => outcomes.push(outcome) },
    })
    decision.handle({ type: 'shown' })
    clock.advance(700)
    decision.handle(yes(null, ['view', 'control']))
    expect(outcomes).toMatchObject([{ accepted: false, reason: 'agent-failed' }])
  })

  it('A61 a tool that was left on where control was refused isn’t said to be allowed; with control from before it is', () => {
    const everything: Scope[] = ['view', 'control', 'shell']
    const tool: Scope[] = ['view', 'shell']
    const cases: [asked: Scope[], allowed: Scope[], counts: Scope[]][] = [
      [everything, tool, ['view']],
      [everything, everything, everything],
      [tool, tool, tool],
    ]
    for (const [askedScopes, allowed, counts] of cases) {
      const clock = manualClock()
      const outcomes: ConsentOutcome[] = []
      const decision = new ConsentDecision({
        ...{ clock, timeoutMs: 30_000, armDelayMs: 700, askedScopes, isRightNumber: () => true },
        ...{ onShown: () => undefined, onTooEarly: () => undefined, onDecided: outcome => outcomes.push(outcome) },
      })
      decision.handle({ type: 'shown' })
      clock.advance(700)
      decision.handle(yes(null, allowed))
      expect(outcomes).toEqual([{ accepted: true, scopes: counts }])
    }
  })

  it('decides once, and "yes" only after shown, armed and answered', () => {
    const message = fc.constantFrom<ConsentToService | 'gone' | number>(
      { type: 'ready' },
      { type: 'shown' },
      YES,
      { type: 'answer', answer: { accept: false } },
      { type: 'end' },
      { type: 'failed', message: 'x' },
      'gone',
      100,
      700,
      40_000,
    )
    fc.assert(
      fc.property(fc.array(message, { maxLength: 25 }), steps => {
        const { clock, decision, outcomes } = ask()
        let shownForMs: number | undefined
        for (const step of steps) {
          const before = outcomes.length
          if (typeof step === 'number') {
            clock.advance(step)
            if (shownForMs !== undefined) shownForMs += step
          } else if (step === 'gone') decision.windowGone('test')
          else decision.handle(step)
          if (typeof step === 'object' && step.type === 'shown') shownForMs ??= 0
          // An early "yes" takes the dialog's readiness away until it is shown again.
          if (typeof step === 'object' && step.type === 'answer' && (shownForMs ?? 0) < 700) shownForMs = undefined
          if (outcomes.length > before && outcomes[0]?.accepted) {
            expect(step).toEqual(YES)
            expect(shownForMs).toBeGreaterThanOrEqual(700)
          }
        }
        expect(outcomes.length).toBeLessThanOrEqual(1)
      }),
    )
  })
})

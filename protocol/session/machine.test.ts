import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canTransition, INITIAL_STATE, isOver, transition } from './machine.ts'
import { END_REASONS } from './reasons.ts'
import type { SessionEvent, SessionState } from './state.ts'

const grant = { scopes: ['view' as const, 'control' as const], untilMs: 5_000 }
const events: SessionEvent[] = [
  { type: 'device-offline', untilMs: 1 },
  { type: 'device-notified' },
  { type: 'consent-shown', untilMs: 2 },
  { type: 'consent-granted', ...grant },
  { type: 'operator-joined' },
  { type: 'peer-connected' },
  { type: 'paused', by: 'user' },
  { type: 'resumed' },
  { type: 'further-asked', scopes: ['shell'] },
  { type: 'further-shown', untilMs: 4 },
  { type: 'further-answered', answer: 'granted', scopes: ['view', 'control', 'shell'] },
  { type: 'link-interrupted', giveUpAtMs: 3 },
  { type: 'link-restored' },
  ...END_REASONS.map(reason => ({ type: 'end' as const, reason })),
  { type: 'torn-down' },
]

const run = (...path: SessionEvent[]): SessionState => path.reduce(transition, INITIAL_STATE)

describe('session machine', () => {
  it('walks the whole life of an accepted session', () => {
    expect(
      run(
        { type: 'device-notified' },
        { type: 'consent-shown', untilMs: 30 },
        { type: 'consent-granted', ...grant },
        { type: 'operator-joined' },
        { type: 'peer-connected' },
        { type: 'link-interrupted', giveUpAtMs: 9 },
        { type: 'link-restored' },
        { type: 'end', reason: 'user-ended' },
        { type: 'torn-down' },
      ),
    ).toEqual({ name: 'closed', reason: 'user-ended' })
  })

  it('gives view mode when control was not granted', () => {
    const state = run(
      { type: 'device-notified' },
      { type: 'consent-shown', untilMs: 30 },
      { type: 'consent-granted', scopes: ['view'], untilMs: 5 },
      { type: 'operator-joined' },
      { type: 'peer-connected' },
    )
    expect(state).toMatchObject({ name: 'active', mode: 'view' })
  })

  it('keeps a pause over an interrupted link', () => {
    const state = run(
      { type: 'device-notified' },
      { type: 'consent-shown', untilMs: 30 },
      { type: 'consent-granted', ...grant },
      { type: 'operator-joined' },
      { type: 'peer-connected' },
      { type: 'paused', by: 'user' },
      { type: 'link-interrupted', giveUpAtMs: 9 },
      { type: 'link-restored' },
    )
    expect(state).toMatchObject({ name: 'paused', by: 'user' })
  })

  it('asks for more once at a time, keeps that over a pause and a lost link, and takes the answer once', () => {
    const active = run(
      { type: 'device-notified' },
      { type: 'consent-shown', untilMs: 30 },
      { type: 'consent-granted', scopes: ['view'], untilMs: 5 },
      { type: 'operator-joined' },
      { type: 'peer-connected' },
    )
    const asked: SessionEvent = { type: 'further-asked', scopes: ['control', 'shell'] }
    const answered: SessionEvent = { type: 'further-answered', answer: 'granted', scopes: ['view', 'control'] }
    for (const early of [{ type: 'further-shown', untilMs: 1 } as const, answered])
      expect(canTransition(active, early)).toBe(false)
    let state = transition(active, asked)
    expect(canTransition(state, asked)).toBe(false)
    const shown: SessionEvent = { type: 'further-shown', untilMs: 9 }
    for (const event of [
      shown,
      { type: 'paused', by: 'user' },
      { type: 'link-interrupted', giveUpAtMs: 7 },
      { type: 'link-restored' },
    ] as const)
      state = transition(state, event)
    expect(state).toMatchObject({
      name: 'paused',
      further: { stage: 'shown', scopes: ['control', 'shell'], untilMs: 9 },
    })
    expect(canTransition(state, shown)).toBe(false)
    state = transition(state, answered)
    expect(state).toMatchObject({
      ...{ name: 'paused', mode: 'control', scopes: ['view', 'control'] },
      further: { stage: 'answered', answer: 'granted' },
    })
    expect(canTransition(state, answered)).toBe(false)
    expect(canTransition(state, asked)).toBe(false)
    expect(canTransition(transition(state, { type: 'resumed' }), asked)).toBe(true)
  })

  it('never reaches a granted state without the consent event', () => {
    const withoutConsent = events.filter(event => event.type !== 'consent-granted')
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...withoutConsent), { maxLength: 30 }), path => {
        let state = INITIAL_STATE
        for (const event of path) if (canTransition(state, event)) state = transition(state, event)
        expect(state).not.toHaveProperty('scopes')
      }),
    )
  })

  it('keeps closed final and the end reason unchanged', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 40 }), path => {
        let state = INITIAL_STATE
        let reason: string | undefined
        for (const event of path) {
          if (!canTransition(state, event)) {
            expect(() => transition(state, event)).toThrow(expect.objectContaining({ code: 'illegal-transition' }))
            continue
          }
          const wasOver = isOver(state)
          state = transition(state, event)
          if ('reason' in state) {
            if (wasOver) expect(state.reason).toBe(reason)
            reason = state.reason
          } else expect(wasOver).toBe(false)
        }
      }),
    )
  })
})

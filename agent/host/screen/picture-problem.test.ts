import { describe, expect, it } from 'vitest'
import { isUnsettled, NO_PROBLEM, nextProblem, type PictureFacts, type ProblemState } from './picture-problem.ts'

const fine: PictureFacts = {
  failure: undefined,
  isAsleep: false,
  isMotion: false,
  videoIntervalMs: 33,
  undrawnMs: 0,
  linkKbps: undefined,
  isWaiting: false,
  maxKbps: 20_000,
}

const at = (nowMs: number, facts: Partial<PictureFacts>, before: ProblemState = NO_PROBLEM) =>
  nextProblem(before, { ...fine, ...facts }, nowMs)

describe('why a picture is bad', () => {
  it.each([
    ['permission', { failure: 'display-denied' }],
    ['secure-desktop', { failure: 'secure-desktop' }],
    ['display-asleep', { isAsleep: true }],
    ['link-slow', { undrawnMs: 701 }],
    ['link-slow', { linkKbps: 299, isWaiting: true }],
    ['link-slow', { linkKbps: 299, isMotion: true }],
    ['permission', { failure: 'display-denied', isAsleep: true, undrawnMs: 5_000 }],
    ['display-asleep', { isAsleep: true, undrawnMs: 5_000 }],
  ] as const)('is %s at once', (problem, facts) => {
    expect(at(10, facts).shown).toBe(problem)
  })

  it.each([
    ['nothing is wrong', {}],
    ['the desktop is gone for another reason', { failure: 'display-lost' }],
    ['frames are drawn within 700 ms', { undrawnMs: 700 }],
    ['a slow link carries all that there is', { linkKbps: 50 }],
    ['the operator allowed no more', { linkKbps: 60, isMotion: true, maxKbps: 100 }],
    ['an encoder was slow, and now there is no motion', { videoIntervalMs: 200 }],
  ] as const)('is nothing when %s', (_name, facts) => {
    expect(at(10, facts).shown).toBeUndefined()
  })

  it('is a slow encoder only after two seconds of motion without a break', () => {
    const slow = { isMotion: true, videoIntervalMs: 121 }
    let state = at(0, slow)
    expect(state.shown).toBeUndefined()
    expect(isUnsettled(state)).toBe(true)
    state = at(1_999, slow, state)
    expect(state.shown).toBeUndefined()
    expect(at(2_000, slow, state).shown).toBe('encoder-slow')
    state = at(2_000, { isMotion: true, videoIntervalMs: 90 }, state)
    expect(at(2_001, slow, state).shown).toBeUndefined()
  })

  it('stays for two seconds after slowness went, and no longer', () => {
    let state = at(1_000, { undrawnMs: 900 })
    state = at(2_900, {}, state)
    expect(state.shown).toBe('link-slow')
    expect(isUnsettled(state)).toBe(true)
    state = at(3_000, {}, state)
    expect(state.shown).toBeUndefined()
    expect(isUnsettled(state)).toBe(false)
  })

  it('slowness that comes and goes is told once', () => {
    let state = at(0, { undrawnMs: 900 })
    for (let nowMs = 500; nowMs < 10_000; nowMs += 500) {
      state = at(nowMs, { undrawnMs: nowMs % 1_500 === 0 ? 900 : 0 }, state)
      expect(state.shown).toBe('link-slow')
    }
  })

  it('a picture that is there again is told at once', () => {
    expect(at(11, {}, at(10, { failure: 'display-denied' })).shown).toBeUndefined()
    expect(at(11, {}, at(10, { isAsleep: true })).shown).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { UNASKED_CAUSES, type UnaskedCause, type UnaskedRules } from '#protocol/session/unasked.ts'
import type { DeskState } from '../../platform/platform.ts'
import { DeskRules } from './desk-rules.ts'

const DESKS: readonly DeskState[] = ['present', 'locked', 'nobody', 'unknown']
const EVERYTHING: UnaskedRules = { skipConsent: true, nobodySignedIn: 'allow', screenLocked: 'allow' }
const begin = (rules: UnaskedRules, permitted: readonly UnaskedCause[]) =>
  Object.fromEntries(
    DESKS.map(desk => {
      const beginning = new DeskRules(rules, permitted).begin(desk)
      return [desk, 'cause' in beginning ? `${beginning.how} ${beginning.cause}` : beginning.how]
    }),
  )
const REFUSING = {
  ...{ present: 'ask', unknown: 'ask' },
  ...{ locked: 'refuse screen-locked', nobody: 'refuse nobody-signed-in' },
}

describe('what may begin without an answer', () => {
  it('A57 nothing does by the relay’s word alone, and nothing by the device’s alone', () => {
    expect(begin(EVERYTHING, [])).toEqual(REFUSING)
    expect(begin({}, UNASKED_CAUSES)).toEqual(REFUSING)
  })

  it('A65 each cause is permitted by itself: not asking a person is no leave to come when there is none', () => {
    expect(begin(EVERYTHING, ['skip-consent'])).toEqual({
      ...REFUSING,
      ...{ present: 'unasked skip-consent', unknown: 'unasked skip-consent' },
    })
    expect(begin(EVERYTHING, ['nobody-signed-in'])).toEqual({ ...REFUSING, nobody: 'unasked nobody-signed-in' })
    expect(begin(EVERYTHING, ['screen-locked'])).toEqual({ ...REFUSING, locked: 'unasked screen-locked' })
    expect(begin({ skipConsent: true }, UNASKED_CAUSES).nobody).toBe('refuse nobody-signed-in')
  })

  it('a question that waits for somebody who unlocks the screen lets nobody in', () => {
    expect(begin({ screenLocked: 'wait', skipConsent: true }, UNASKED_CAUSES).locked).toBe('ask')
    expect(new DeskRules({ screenLocked: 'wait' }, UNASKED_CAUSES).mayGoOnLocked).toBe(false)
  })

  it('a session that lives rests behind a lock unless both allow it, and ends with the sign-out', () => {
    for (const rules of [new DeskRules(EVERYTHING, []), new DeskRules({}, UNASKED_CAUSES)])
      expect(rules.standing('locked', undefined)).toBe('rests')
    expect(new DeskRules(EVERYTHING, UNASKED_CAUSES).standing('locked', undefined)).toBe('goes-on')
    expect(new DeskRules(EVERYTHING, UNASKED_CAUSES).standing('nobody', 'skip-consent')).toBe('signed-out')
  })

  it('one that began with nobody there goes on until somebody has been there, or only until they sign in', () => {
    const rules = new DeskRules(EVERYTHING, UNASKED_CAUSES)
    expect((['nobody', 'present', 'nobody'] as const).map(desk => rules.standing(desk, 'nobody-signed-in'))).toEqual([
      'goes-on',
      'goes-on',
      'signed-out',
    ])
    const screen = new DeskRules({ nobodySignedIn: 'login-screen' }, UNASKED_CAUSES)
    expect(screen.standing('nobody', 'nobody-signed-in')).toBe('goes-on')
    expect(screen.standing('present', 'nobody-signed-in')).toBe('signed-in')
  })
})

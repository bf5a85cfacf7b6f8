import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canTransition, INITIAL_STATE, transition } from '#protocol/session/machine.ts'
import type { SessionEvent, SessionState } from '#protocol/session/state.ts'
import { catchUp } from './catch-up.ts'

const grant = { scopes: ['view' as const], untilMs: 9 }
const active: SessionState = { name: 'active', ...grant, mode: 'view' }
const events: SessionEvent[] = [
  { type: 'device-notified' },
  { type: 'consent-shown', untilMs: 1 },
  { type: 'consent-granted', ...grant },
  { type: 'operator-joined' },
  { type: 'peer-connected' },
  { type: 'paused', by: 'user' },
  { type: 'resumed' },
  { type: 'link-interrupted', giveUpAtMs: 2 },
  { type: 'link-restored' },
  { type: 'end', reason: 'user-ended' },
  { type: 'torn-down' },
]
const states = fc.array(fc.constantFrom(...events), { maxLength: 12 }).map(path => {
  let state = INITIAL_STATE
  for (const event of path) if (canTransition(state, event)) state = transition(state, event)
  return state
})
const names = (events: SessionEvent[] | null) => events?.map(({ type }) => type) ?? null

describe('catchUp', () => {
  it('is nothing where both agree', () => {
    expect(catchUp(active, active, true)).toEqual([])
  })

  it('takes the shortest legal way', () => {
    expect(names(catchUp(INITIAL_STATE, { name: 'awaiting-consent', untilMs: 1 }, false))).toEqual([
      'device-notified',
      'consent-shown',
    ])
    expect(names(catchUp({ name: 'connecting', ...grant }, { ...active, name: 'paused', by: 'policy' }, true))).toEqual(
      ['peer-connected', 'paused'],
    )
    expect(names(catchUp(active, { name: 'closed', reason: 'denied' }, true))).toEqual(['end', 'torn-down'])
  })

  it('needs a spent pass to find the operator joined', () => {
    expect(catchUp({ name: 'granted', ...grant }, active, false)).toBeNull()
    expect(names(catchUp({ name: 'granted', ...grant }, active, true))).toEqual(['operator-joined', 'peer-connected'])
  })

  it('A57 never leads from before consent to after it, and every way is legal', () => {
    fc.assert(
      fc.property(states, states, fc.boolean(), (relay, agent, wasJoined) => {
        const way = catchUp(relay, agent, wasJoined)
        if (way === null) return
        const arrived = way.reduce(transition, relay)
        expect(arrived.name).toBe(agent.name)
        expect('scopes' in arrived && !('scopes' in relay)).toBe(false)
      }),
    )
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import type { ConsentState } from '#ipc/consent.ts'
import type { ConsentToService } from '#protocol/consent.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import { Conversation } from './conversation.ts'
import { bannerPlace, dialogPlace } from './place.ts'

const request: SessionRequest = {
  sessionId: `ses_${'0'.repeat(26)}`,
  operator: { id: 'user_0001', name: 'Ada Example', email: 'ada@example.com' },
  organisation: { id: `org_${'0'.repeat(26)}`, name: 'Example IT' },
  reason: 'The printer does not print',
  ticket: null,
  scopes: ['view'],
  operatorKeyThumbprint: 'A'.repeat(43),
  consentTimeoutMs: 30_000,
}
const ask = { type: 'ask', request, armDelayMs: 700 } as const

describe('a conversation', () => {
  let nowMs: number
  let monotonicMs: number
  let told: ConsentToService[]
  let shown: ConsentState[]
  let talk: Conversation

  beforeEach(() => {
    nowMs = 1_000_000
    monotonicMs = 50
    told = []
    shown = []
    talk = new Conversation({
      clock: { nowMs: () => nowMs, monotonicMs: () => monotonicMs },
      tellService: message => void told.push(message),
      show: state => void shown.push(state),
    })
  })
  const accept = () => talk.handlers.answer({ accept: true })
  const pass = (ms: number) => {
    nowMs += ms
    monotonicMs += ms
  }
  const makeLive = () => {
    talk.handleService(ask)
    talk.handlers.painted(undefined)
    pass(700)
    accept()
    talk.handleService({ type: 'banner', sinceMs: nowMs, linkUp: true })
  }

  it('asks, says that it is shown, takes the answer and becomes the banner', () => {
    makeLive()
    expect(told).toEqual([{ type: 'shown' }, { type: 'answer', accept: true }])
    expect(shown.map(state => state.name)).toEqual(['asking', 'asking', 'banner'])
    expect(talk.handlers.state(undefined)).toEqual({ name: 'banner', request, sinceMs: nowMs, linkUp: true })
    talk.handlers.end(undefined)
    talk.handleService({ type: 'over', reason: 'user-ended' })
    expect(told.at(-1)).toEqual({ type: 'end' })
    expect(shown.at(-1)).toEqual({ name: 'over', request, reason: 'user-ended' })
    expect(talk.isOver).toBe(true)
  })

  it('A59 no answer counts before the question was painted and 700 ms have passed, for "no" too', () => {
    const early = expect.objectContaining({ code: 'forbidden' })
    expect(accept).toThrow(early)
    talk.handleService({ ...ask, armDelayMs: 0 })
    pass(10_000)
    expect(accept).toThrow(early)
    talk.handlers.painted(undefined)
    pass(699)
    expect(accept).toThrow(early)
    // A repeated "painted" neither shortens nor restarts the wait; a wall clock that jumps doesn't either.
    talk.handlers.painted(undefined)
    nowMs += 3_600_000
    expect(accept).toThrow(early)
    expect(() => talk.handlers.answer({ accept: false })).toThrow(early)
    monotonicMs += 1
    accept()
    expect(told).toEqual([{ type: 'shown' }, { type: 'answer', accept: true }])
  })

  it('answers once', () => {
    makeLive()
    expect(accept).toThrow(expect.objectContaining({ code: 'illegal-transition' }))
    expect(told.filter(message => message.type === 'answer')).toHaveLength(1)
  })

  it('A57 a banner or an end without a "yes" changes nothing', () => {
    talk.handleService({ type: 'banner', sinceMs: 1, linkUp: true })
    talk.handleService(ask)
    talk.handleService({ type: 'banner', sinceMs: 1, linkUp: true })
    expect(talk.handlers.state(undefined)).toHaveProperty('name', 'asking')
    expect(() => talk.handlers.end(undefined)).toThrow(expect.objectContaining({ code: 'illegal-transition' }))
    talk.handlers.painted(undefined)
    pass(700)
    talk.handlers.answer({ accept: false })
    talk.handleService({ type: 'banner', sinceMs: 1, linkUp: true })
    expect(talk.handlers.state(undefined)).toHaveProperty('name', 'asking')
  })

  it('A59 a second question does not inherit the arming of the first', () => {
    talk.handleService(ask)
    talk.handlers.painted(undefined)
    pass(700)
    talk.handleService({ ...ask, request: { ...request, scopes: ['view', 'control'] } })
    expect(talk.handlers.state(undefined)).toHaveProperty('request.scopes', ['view'])
  })

  it('arms nothing before the question was painted, however late that is', () => {
    talk.handleService(ask)
    pass(5_000)
    const state = talk.handlers.state(undefined)
    expect(state).toHaveProperty('name', 'asking')
    if ('armedAtMs' in state) expect(state.armedAtMs).toBe(state.answerByMs)
  })

  it('asks again, and arms anew, when the service took the answer for too early', () => {
    talk.handleService(ask)
    talk.handlers.painted(undefined)
    pass(700)
    talk.handlers.answer({ accept: true })
    talk.handleService(ask)
    expect(talk.handlers.state(undefined)).toHaveProperty('name', 'asking')
    expect(() => talk.handlers.answer({ accept: true })).toThrow(expect.objectContaining({ code: 'forbidden' }))
    talk.handlers.painted(undefined)
    pass(700)
    talk.handlers.answer({ accept: true })
    expect(told).toEqual([
      { type: 'shown' },
      { type: 'answer', accept: true },
      { type: 'shown' },
      { type: 'answer', accept: true },
    ])
  })

  it('A67 a window that goes away ends a session, and before an answer says nothing', () => {
    talk.handleService(ask)
    talk.handleWindowGone()
    expect(told).toEqual([])
    expect(talk.isOver).toBe(true)
  })

  it('A67 a banner that goes away ends the session', () => {
    makeLive()
    talk.handleWindowGone()
    expect(told.at(-1)).toEqual({ type: 'end' })
  })

  it('is over without a word when nobody was asked', () => {
    talk.handleService({ type: 'over', reason: 'consent-timeout' })
    expect([talk.isOver, shown]).toEqual([true, []])
  })
})

describe('places', () => {
  it('are in the middle of the main monitor, wherever that is', () => {
    const monitor = { x: 1920, y: 100, width: 1280, height: 1024 }
    expect(dialogPlace(monitor)).toEqual({ x: 2280, y: 352, width: 560, height: 520 })
    expect(bannerPlace(monitor)).toEqual({ x: 2280, y: 100, width: 560, height: 56 })
    expect(dialogPlace({ x: 0, y: 0, width: 480, height: 320 })).toEqual({ x: 0, y: 0, width: 480, height: 320 })
  })
})

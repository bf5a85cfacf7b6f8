import { beforeEach, describe, expect, it } from 'vitest'
import type { ConsentState } from '#ipc/consent.ts'
import type { ChatView } from '#ipc/consent-chat.ts'
import type { ConsentAnswer, ConsentToService, ServiceToConsent } from '#protocol/consent.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import { Conversation } from './conversation.ts'
import { notOwnHand } from './own-hand/own-hand.ts'
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
  durationMs: 3_600_000,
  matchCommitment: null,
}
const live: Extract<ServiceToConsent, { type: 'banner' }> = {
  ...{ type: 'banner', sinceMs: 1, linkUp: true },
  ...{ scopes: ['view'], isPaused: false, isRecording: false, watchers: [] },
}
const YES: ConsentAnswer = { accept: true, scopes: ['view'], number: null, language: 'en' }
const ask = { type: 'ask', request, armDelayMs: 700, helpAskedAtMs: null } as const

describe('a conversation', () => {
  let nowMs: number
  let monotonicMs: number
  let told: ConsentToService[]
  let shown: ConsentState[]
  let talk: Conversation
  let isOwnHand: boolean
  let isProgramAlone: boolean
  let isKeyOfAProgram: boolean
  let chats: ChatView[]
  let rooms: boolean[]
  let keyboard: string[]
  let forgetting: PromiseWithResolvers<void>[]

  beforeEach(() => {
    nowMs = 1_000_000
    monotonicMs = 50
    told = []
    isOwnHand = true
    isProgramAlone = false
    isKeyOfAProgram = false
    forgetting = []
    chats = []
    rooms = []
    shown = []
    keyboard = []
    talk = new Conversation({
      clock: { nowMs: () => nowMs, monotonicMs: () => monotonicMs },
      language: 'en',
      requireOwnHand: async () => {
        if (!isOwnHand) throw notOwnHand()
      },
      refuseProgram: async only => {
        if (only === 'key' ? isKeyOfAProgram : isProgramAlone) throw notOwnHand()
      },
      forgetPresses() {
        forgetting.push(Promise.withResolvers<void>())
        return forgetting.at(-1)?.promise ?? Promise.resolve()
      },
      tellService: message => void told.push(message),
      show: state => void shown.push(state),
      showChat: view => void chats.push(view),
      makeRoom: isOpen => void rooms.push(isOpen),
      keyboard: {
        take: () => void keyboard.push('take'),
        giveBack: () => void keyboard.push('back'),
        spoilDraft: () => void keyboard.push('spoil'),
      },
    })
  })
  const accept = () => Promise.resolve(talk.handlers.answer({ answer: YES }))
  const decline = () => Promise.resolve(talk.handlers.answer({ answer: { accept: false } }))
  const pass = (ms: number) => {
    nowMs += ms
    monotonicMs += ms
  }
  const makeLive = async () => {
    talk.handleService(ask)
    talk.handlers.painted(undefined)
    pass(700)
    await accept()
    talk.handleService({ ...live, sinceMs: nowMs })
  }

  it('A64 tells what the person is to know, and hears from their own hand alone that they read it', async () => {
    talk.handleService({ type: 'notice', organisation: 'Example IT' })
    expect(shown.at(-1)).toEqual({ name: 'notice', language: 'en', organisation: 'Example IT' })
    await expect(talk.handlers.understood(undefined)).rejects.toMatchObject({ code: 'forbidden' })
    talk.handlers.painted(undefined)
    isOwnHand = false
    await expect(talk.handlers.understood(undefined)).rejects.toMatchObject({ code: 'forbidden' })
    isOwnHand = true
    await talk.handlers.understood(undefined)
    expect(told).toEqual([{ type: 'shown' }, { type: 'understood' }])
    // It never becomes a window that asks.
    talk.handleService(ask)
    expect(talk.state.name).toBe('notice')
  })

  it('asks, says that it is shown, takes the answer and becomes the banner', async () => {
    await makeLive()
    expect(told).toEqual([{ type: 'shown' }, { type: 'answer', answer: YES }])
    expect(shown.map(state => state.name)).toEqual(['asking', 'asking', 'banner'])
    expect(talk.handlers.state(undefined)).toEqual({
      ...{ name: 'banner', language: 'en', request, sinceMs: nowMs, linkUp: true },
      ...{ scopes: ['view'], isPaused: false, isRecording: false, watchers: [] },
    })
    await talk.handlers.end(undefined)
    talk.handleService({ type: 'over', reason: 'user-ended' })
    expect(told.at(-1)).toEqual({ type: 'end' })
    expect(shown.at(-1)).toEqual({ name: 'over', language: 'en', request, reason: 'user-ended' })
    expect(talk.isOver).toBe(true)
  })

  it('tells of a script without asking, and lets it be ended and nothing else', async () => {
    talk.handleService({ type: 'tell', request, script: 'Free disk space' })
    expect(shown).toMatchObject([{ name: 'banner', script: 'Free disk space', sinceMs: nowMs }])
    await expect(accept()).rejects.toMatchObject({ code: 'illegal-transition' })
    await expect(talk.handlers.pause({ isPaused: true })).rejects.toMatchObject({ code: 'illegal-transition' })
    expect(() => talk.handlers.say({ text: 'Hello' })).toThrow('There is no session.')
    await talk.handlers.end(undefined)
    expect(told).toEqual([{ type: 'end' }])
    // A window that has told of a script asks nobody for a session.
    talk.handleService(ask)
    expect(talk.state.name).toBe('banner')
  })

  it('A59 asks for a script by its name, by the same rules', async () => {
    talk.handleService({ ...ask, script: 'Free disk space' })
    expect(shown).toMatchObject([{ name: 'asking', script: 'Free disk space' }])
    await expect(accept()).rejects.toMatchObject({ code: 'forbidden' })
    talk.handlers.painted(undefined)
    pass(700)
    isOwnHand = false
    await expect(accept()).rejects.toMatchObject({ code: 'forbidden' })
    isOwnHand = true
    await accept()
    talk.handleService(live)
    expect(talk.state).toMatchObject({ name: 'banner', script: 'Free disk space' })
  })

  it('A59 no answer counts before the question was painted and 700 ms have passed, for "no" too', async () => {
    const early = expect.objectContaining({ code: 'forbidden' })
    await expect(accept()).rejects.toEqual(early)
    talk.handleService({ ...ask, armDelayMs: 0 })
    pass(10_000)
    await expect(accept()).rejects.toEqual(early)
    talk.handlers.painted(undefined)
    pass(699)
    await expect(accept()).rejects.toEqual(early)
    // A repeated "painted" neither shortens nor restarts the wait; a wall clock that jumps doesn't either.
    talk.handlers.painted(undefined)
    nowMs += 3_600_000
    await expect(accept()).rejects.toEqual(early)
    await expect(decline()).rejects.toEqual(early)
    monotonicMs += 1
    await accept()
    expect(told).toEqual([{ type: 'shown' }, { type: 'answer', answer: YES }])
  })

  it('A59 a press that no hardware made is nobody’s answer, and doesn’t resume a pause', async () => {
    talk.handleService(ask)
    talk.handlers.painted(undefined)
    pass(700)
    isOwnHand = false
    await expect(accept()).rejects.toEqual(expect.objectContaining({ code: 'forbidden' }))
    await expect(decline()).rejects.toEqual(expect.objectContaining({ code: 'forbidden' }))
    expect(told).toEqual([{ type: 'shown' }])
    isOwnHand = true
    await accept()
    talk.handleService(live)
    isOwnHand = false
    await talk.handlers.pause({ isPaused: true })
    await expect(talk.handlers.pause({ isPaused: false })).rejects.toEqual(
      expect.objectContaining({ code: 'forbidden' }),
    )
    await talk.handlers.takeBack(undefined)
    await talk.handlers.end(undefined)
    // The operator's own keys, with the keyboard in the banner.
    isProgramAlone = true
    const { pause, takeBack, end } = talk.handlers
    for (const act of [() => pause({ isPaused: true }), () => takeBack(undefined), () => end(undefined)])
      await expect(act()).rejects.toEqual(expect.objectContaining({ code: 'forbidden' }))
    expect(told.slice(2)).toEqual([{ type: 'pause', isPaused: true }, { type: 'take-back' }, { type: 'end' }])
  })

  it('A59 a question that something stands in front of isn’t answered', async () => {
    talk.handleService(ask)
    talk.handlers.painted(undefined)
    pass(700)
    talk.handleCovered(true)
    await expect(accept()).rejects.toEqual(expect.objectContaining({ code: 'illegal-transition' }))
    talk.handleCovered(false)
    await accept()
    expect(told.at(-1)).toEqual({ type: 'answer', answer: YES })
  })

  it('A62 what was pressed before the pause held doesn’t keep the person from ending it; what a program presses after it does', async () => {
    await makeLive()
    talk.handleService({ ...live, isPaused: true })
    talk.handleService({ ...live, isPaused: true, linkUp: false })
    expect(forgetting).toHaveLength(1)
    isOwnHand = false
    const resumed = Promise.resolve(talk.handlers.pause({ isPaused: false }))
    await new Promise(done => setImmediate(done))
    // The lifted keys of the operator are on their way still: nothing is decided before they are behind.
    expect(told.at(-1)).toMatchObject({ type: 'answer' })
    isOwnHand = true
    forgetting[0]?.resolve()
    await resumed
    expect(told.at(-1)).toEqual({ type: 'pause', isPaused: false })
    talk.handleService(live)
    talk.handleService({ ...live, isPaused: true })
    expect(forgetting).toHaveLength(2)
    forgetting[1]?.resolve()
    isOwnHand = false
    await expect(talk.handlers.pause({ isPaused: false })).rejects.toEqual(
      expect.objectContaining({ code: 'forbidden' }),
    )
  })

  it('A166 the chat is there for a session only, answers what came, and takes the person’s words from their own hand alone', async () => {
    const chat = (text: string, id = 1) => talk.handleService({ type: 'chat', chat: { type: 'message', id, text } })
    const say = (text: string) => Promise.resolve().then(() => talk.handlers.say({ text }))
    chat('too early')
    await expect(say('too early')).rejects.toEqual(expect.objectContaining({ code: 'illegal-transition' }))
    await makeLive()
    chat('Good morning')
    chat('Good morning')
    expect(chats.at(-1)).toMatchObject({
      unread: 1,
      entries: [{ isOwn: false, text: 'Good morning' }],
    })
    expect(told.at(-1)).toEqual({ type: 'chat', chat: { type: 'received', id: 1 } })
    talk.handlers.openChat({ isOpen: true })
    expect([rooms, chats.at(-1)?.unread]).toEqual([[true], 0])
    isOwnHand = false
    await expect(say('I agree to everything')).rejects.toEqual(expect.objectContaining({ code: 'forbidden' }))
    isOwnHand = true
    await say('Hello')
    expect(told.at(-1)).toEqual({ type: 'chat', chat: { type: 'message', id: 1, text: 'Hello' } })
    talk.handleService({ type: 'chat', chat: { type: 'received', id: 1 } })
    expect(chats.at(-1)?.entries.at(-1)).toMatchObject({ isOwn: true, text: 'Hello', isReceived: true })
    talk.handleService({ type: 'over', reason: 'operator-ended' })
    expect(rooms).toEqual([true, false])
  })

  it('A167 who takes a session over begins a chat of their own', async () => {
    await makeLive()
    const chat = (text: string) => talk.handleService({ type: 'chat', chat: { type: 'message', id: 1, text } })
    chat('From the first one')
    talk.handlers.openChat({ isOpen: true })
    talk.handleService({ ...live, sinceMs: nowMs, request: { ...request, sessionId: `ses_${'1'.repeat(26)}` } })
    expect(rooms).toEqual([true, false])
    chat('From the other one')
    expect(chats.at(-1)?.entries).toMatchObject([{ text: 'From the other one' }])
  })

  it('A59 more is asked for by the rules of the first question, and a "no" to it leaves the session as it is', async () => {
    const further: ServiceToConsent = { type: 'ask-further', scopes: ['shell'], timeoutMs: 30_000, armDelayMs: 0 }
    talk.handleService(further)
    await makeLive()
    const before = told.length
    const forbidden = expect.objectContaining({ code: 'forbidden' })
    await expect(accept()).rejects.toEqual(expect.objectContaining({ code: 'illegal-transition' }))
    talk.handleService(further)
    expect(talk.handlers.state(undefined)).toHaveProperty('further.scopes', ['shell'])
    pass(10_000)
    await expect(accept()).rejects.toEqual(forbidden)
    expect(forgetting).toHaveLength(0)
    talk.handlers.painted({ language: 'en', text: 'May they?' })
    pass(699)
    await expect(decline()).rejects.toEqual(forbidden)
    pass(1)
    // The keys that the question lifted of the operator's are no answer to it, and spoil none.
    expect(forgetting).toHaveLength(1)
    forgetting[0]?.resolve()
    talk.handleCovered(true)
    await expect(accept()).rejects.toEqual(expect.objectContaining({ code: 'illegal-transition' }))
    talk.handleCovered(false)
    isOwnHand = false
    await expect(accept()).rejects.toEqual(forbidden)
    isOwnHand = true
    // Another question doesn't take the place of this one, and what the banner says meanwhile doesn't end it.
    talk.handleService({ ...further, scopes: ['control'] })
    talk.handleService({ ...live, linkUp: false })
    expect(talk.handlers.state(undefined)).toMatchObject({ linkUp: false, further: { scopes: ['shell'] } })
    await decline()
    await expect(accept()).rejects.toEqual(expect.objectContaining({ code: 'illegal-transition' }))
    expect(told.slice(before)).toEqual([
      { type: 'shown', words: { language: 'en', text: 'May they?' } },
      { type: 'answer', answer: { accept: false } },
    ])
    talk.handleService({ type: 'further-over' })
    expect([talk.isLive, 'further' in talk.handlers.state(undefined)]).toEqual([true, false])
  })

  it('A167 asks beneath the banner whether another operator may join, with numbers, and then names both; the first may leave', async () => {
    await makeLive()
    talk.handleService(live)
    const ben = { ...request.operator, name: 'Ben Okafor' }
    const joins = { ...request, sessionId: `ses_${'1'.repeat(26)}`, operator: ben, matchCommitment: 'A'.repeat(43) }
    talk.handleService({ type: 'ask-join', request: joins, armDelayMs: 700 })
    expect(talk.handlers.state(undefined)).toMatchObject({
      request,
      further: { joins: { operator: ben }, numbers: [] },
    })
    talk.handlers.painted(undefined)
    talk.handleService({ type: 'numbers', choices: [27, 48, 81] })
    expect(talk.handlers.state(undefined)).toHaveProperty('further.numbers', [27, 48, 81])
    await expect(accept()).rejects.toMatchObject({ code: 'forbidden' })
    pass(700)
    forgetting.at(-1)?.resolve()
    isOwnHand = false
    await expect(accept()).rejects.toMatchObject({ code: 'forbidden' })
    isOwnHand = true
    await accept()
    expect(told.at(-1)).toEqual({ type: 'answer', answer: YES })
    talk.handleService({ type: 'further-over' })
    talk.handleService({ ...live, others: [ben.name] })
    expect(talk.handlers.state(undefined)).toMatchObject({ request, others: [ben.name] })
    talk.handleService({ ...live, request: joins, others: [] })
    expect(talk.handlers.state(undefined)).toMatchObject({ name: 'banner', request: { operator: ben } })
  })

  it('numbers come before or after the question, and change neither its time nor its arming', () => {
    talk.handleService({ type: 'numbers', choices: [12, 34, 56] })
    talk.handleService({ ...ask, request: { ...request, matchCommitment: 'A'.repeat(43) } })
    expect(talk.handlers.state(undefined)).toHaveProperty('numbers', [12, 34, 56])
    talk.handlers.painted(undefined)
    const before = talk.handlers.state(undefined)
    pass(500)
    talk.handleService({ type: 'numbers', choices: [21, 43, 65] })
    expect(talk.handlers.state(undefined)).toEqual({ ...before, numbers: [21, 43, 65] })
  })

  it('answers once', async () => {
    await makeLive()
    await expect(accept()).rejects.toEqual(expect.objectContaining({ code: 'illegal-transition' }))
    expect(told.filter(message => message.type === 'answer')).toHaveLength(1)
  })

  it('A57 a banner or an end without a "yes" changes nothing', async () => {
    talk.handleService(live)
    talk.handleService(ask)
    talk.handleService(live)
    expect(talk.handlers.state(undefined)).toHaveProperty('name', 'asking')
    await expect(talk.handlers.end(undefined)).rejects.toEqual(expect.objectContaining({ code: 'illegal-transition' }))
    talk.handlers.painted(undefined)
    pass(700)
    await decline()
    talk.handleService(live)
    expect(talk.handlers.state(undefined)).toHaveProperty('name', 'asking')
  })

  it('A57 where nobody is asked nothing counts before the banner can be seen, and a window that asks never becomes one that doesn’t', () => {
    talk.handleService({ type: 'announce', request })
    talk.handleService({ ...live, unasked: 'skip-consent' })
    expect(told).toEqual([])
    expect(shown.at(-1)).toMatchObject({ name: 'banner', unasked: 'skip-consent', request: { reason: request.reason } })
    for (const _ of ['once', 'again']) talk.handlers.painted({ language: 'en', text: 'Ada Example' })
    expect(told).toEqual([{ type: 'shown', words: { language: 'en', text: 'Ada Example' } }])
    talk.handleWindowGone()
    expect(told.at(-1)).toEqual({ type: 'gone' })
  })

  it('A57 a question on the screen can’t be turned into a session by announcing it', async () => {
    talk.handleService(ask)
    talk.handleService({ type: 'announce', request })
    talk.handleService({ ...live, unasked: 'skip-consent' })
    expect(shown.at(-1)?.name).toBe('asking')
  })

  it('A59 a second question does not inherit the arming of the first', async () => {
    talk.handleService(ask)
    talk.handlers.painted(undefined)
    pass(700)
    talk.handleService({ ...ask, request: { ...request, scopes: ['view', 'control'] } })
    expect(talk.handlers.state(undefined)).toHaveProperty('request.scopes', ['view'])
  })

  it('arms nothing before the question was painted, however late that is', async () => {
    talk.handleService(ask)
    pass(5_000)
    const state = talk.handlers.state(undefined)
    expect(state).toHaveProperty('name', 'asking')
    if ('armedAtMs' in state) expect(state.armedAtMs).toBe(state.answerByMs)
  })

  it('asks again, and arms anew, when the service took the answer for too early', async () => {
    talk.handleService(ask)
    talk.handlers.painted(undefined)
    pass(700)
    await accept()
    talk.handleService(ask)
    expect(talk.handlers.state(undefined)).toHaveProperty('name', 'asking')
    await expect(accept()).rejects.toEqual(expect.objectContaining({ code: 'forbidden' }))
    talk.handlers.painted(undefined)
    pass(700)
    await accept()
    expect(told).toEqual([
      { type: 'shown' },
      { type: 'answer', answer: YES },
      { type: 'shown' },
      { type: 'answer', answer: YES },
    ])
  })

  it('A67 a window that goes away ends a session, and before an answer says nothing', async () => {
    talk.handleService(ask)
    talk.handleWindowGone()
    expect(told).toEqual([])
    expect(talk.isOver).toBe(true)
  })

  it('A67 a banner that goes away ends the session, and isn’t taken for the person’s word', async () => {
    await makeLive()
    talk.handleWindowGone()
    expect(told.at(-1)).toEqual({ type: 'gone' })
  })

  it('A59 A67 only the person closes a question, nobody a banner', async () => {
    talk.handleService(ask)
    isOwnHand = false
    expect(await talk.mayClose()).toBe(false)
    isOwnHand = true
    expect(await talk.mayClose()).toBe(true)
    talk.handlers.painted(undefined)
    pass(700)
    await accept()
    expect(await talk.mayClose()).toBe(false)
    talk.handleService(live)
    expect(await talk.mayClose()).toBe(false)
  })

  it('A67 where a key pressed a button of the banner, whose key it was counts, and no press of a mouse', async () => {
    await makeLive()
    const { pause, takeBack, end } = talk.handlers
    const byKey = { byKey: true }
    const acts = [() => pause({ isPaused: true, ...byKey }), () => takeBack(byKey), () => end(byKey)]
    isKeyOfAProgram = true
    for (const act of acts) await expect(act()).rejects.toMatchObject({ code: 'forbidden' })
    isKeyOfAProgram = false
    // However busy the operator is beside it.
    isOwnHand = false
    for (const act of acts) await act()
    expect(told.slice(2)).toEqual([{ type: 'pause', isPaused: true }, { type: 'take-back' }, { type: 'end' }])
  })

  it('A59 A166 what a program typed into the chat isn’t sent as the person’s word', async () => {
    await makeLive()
    pass(3_000)
    talk.handlers.keyboard({ isHere: true })
    talk.handlers.openChat({ isOpen: true })
    expect(told.at(-1)).toEqual({ type: 'keyboard', isHere: true })
    talk.keyboard.foreignKey(0)
    expect(keyboard).toEqual(['back', 'take', 'spoil'])
    await expect(talk.handlers.say({ text: 'I agree' })).rejects.toMatchObject({ code: 'forbidden' })
    talk.handlers.openChat({ isOpen: false })
    expect(keyboard.at(-1)).toBe('back')
    expect(told.some(({ type }) => type === 'chat')).toBe(false)
  })

  it('is over without a word when nobody was asked', async () => {
    talk.handleService({ type: 'over', reason: 'consent-timeout' })
    expect([talk.isOver, shown]).toEqual([true, []])
  })
})

describe('places', () => {
  it('are in the middle of the main monitor, wherever that is', async () => {
    const monitor = { x: 1920, y: 100, width: 1280, height: 1024 }
    expect(dialogPlace(monitor)).toEqual({ x: 2200, y: 242, width: 720, height: 740 })
    expect(bannerPlace(monitor)).toEqual({ x: 2080, y: 100, width: 960, height: 64 })
    expect(bannerPlace(monitor, { moreLines: 1, beneath: 320 }).height).toBe(404)
    expect(dialogPlace({ x: 0, y: 0, width: 480, height: 320 })).toEqual({ x: 0, y: 0, width: 480, height: 320 })
  })
})

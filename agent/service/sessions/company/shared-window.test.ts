import { beforeEach, expect, it } from 'vitest'
import type { ConsentToService, Live, ServiceToConsent } from '#protocol/consent.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { ConsentWindow } from '../../../consent/consent-window.ts'
import type { WindowHandlers } from '../person-window.ts'
import { SharedWindow } from './shared-window.ts'

const live: Live = { sinceMs: 1, linkUp: true, scopes: ['view'], isPaused: false, isRecording: false, watchers: [] }

/** A session's end of the window, with what it heard. */
interface End {
  readonly window: ConsentWindow
  readonly heard: string[]
  readonly asked: boolean[]
}

let person: WindowHandlers
let shown: ServiceToConsent[]
let shared: SharedWindow

beforeEach(() => {
  shown = []
  const open = (handlers: WindowHandlers): ConsentWindow => {
    person = handlers
    return { send: message => void shown.push(message), kill: () => handlers.onGone('killed'), gone: Promise.resolve() }
  }
  shared = new SharedWindow({ open, onChanged: () => undefined })
})

function enter(name: string): End {
  const heard: string[] = []
  const asked: boolean[] = []
  const request = { operator: { name } } as SessionRequest
  const window = shared.openFor(request, {
    onMessage: ({ type }) => void heard.push(type),
    onGone: () => void heard.push('gone'),
    onLine: () => undefined,
    onOthersAsked: isAsked => void asked.push(isAsked),
    onAlone: () => {
      heard.push('alone')
      window.send({ type: 'over', reason: 'operator-ended' })
    },
  })
  return { window, heard, asked }
}

const join = (end: End, name: string) =>
  end.window.send({
    type: 'ask',
    request: { operator: { name } } as SessionRequest,
    armDelayMs: 0,
    helpAskedAtMs: null,
  })
const says = (message: ConsentToService) => person.onMessage(message)

it('A167 the answer goes to whoever asks, while nobody else’s input counts, and what stands already is told to whoever came', async () => {
  const ada = enter('Ada')
  ada.window.send({ type: 'banner', ...live })
  says({ type: 'place', area: { x: 0, y: 0, width: 1, height: 1 } })
  says({ type: 'pause', isPaused: true })
  const ben = enter('Ben')
  await Promise.resolve()
  expect(ben.heard).toEqual(['ready'])
  join(ben, 'Ben')
  expect([shared.isAsking, ada.asked, shown.at(-1)?.type]).toEqual([true, [true], 'ask-join'])
  says({ type: 'shown' })
  says({ type: 'answer', answer: { accept: false } })
  expect(ada.heard).toEqual(['place', 'pause'])
  ben.window.send({ type: 'banner', ...live, scopes: ['view', 'control'] })
  expect([shared.isAsking, ada.asked.at(-1)]).toEqual([false, false])
  expect(ben.heard).toEqual(['ready', 'shown', 'answer', 'place', 'pause'])
  expect(shown.at(-1)).toMatchObject({ type: 'banner', others: ['Ben'], scopes: ['view', 'control'] })
  says({ type: 'end' })
  expect([ada.heard.at(-1), ben.heard.at(-1)]).toEqual(['end', 'end'])
})

it('A167 the window stays with whoever stays; a question of somebody who wanted to join an ended session goes with it', () => {
  const ada = enter('Ada')
  ada.window.send({ type: 'banner', ...live, unasked: 'skip-consent' })
  const ben = enter('Ben')
  ben.window.send({ type: 'banner', ...live })
  expect(shown.at(-1)).toMatchObject({ others: ['Ben'], unasked: 'skip-consent' })
  ada.window.send({ type: 'over', reason: 'operator-ended' })
  expect(shown.at(-1)).toMatchObject({ type: 'banner', request: { operator: { name: 'Ben' } }, others: [] })
  expect(shown.at(-1)).not.toHaveProperty('unasked')
  const cora = enter('Cora')
  join(cora, 'Cora')
  ben.window.send({ type: 'over', reason: 'user-ended' })
  expect(cora.heard).toContain('alone')
  expect([shared.isAsking, shown.at(-1)]).toEqual([false, { type: 'over', reason: 'operator-ended' }])
})

it('A67 the window dies: everybody hears it', () => {
  const [ada, ben] = [enter('Ada'), enter('Ben')]
  person.onGone('killed')
  expect([ada.heard, ben.heard].every(heard => heard.includes('gone'))).toBe(true)
})

import { expect, it } from 'vitest'
import type { Scope } from '#protocol/session/scopes.ts'
import { dispatchControl } from './control-messages.ts'
import { InputRouter } from './input/input-router.ts'

/** Control messages as a session has them: what is refused is told by the input router, with all else that is. */
function open(scopes: readonly Scope[]) {
  const asked: unknown[] = []
  const dropped: string[] = []
  const router = new InputRouter({
    isAllowed: scope => scopes.includes(scope),
    onHeldChanged: () => undefined,
    onDropped: (kind, why) => dropped.push(`${kind} ${why}`),
    onPointerMoved: () => undefined,
  })
  const handlers = {
    onWatching: (watching: boolean, stencils: boolean) => asked.push({ watching, stencils }),
    onDisplayChosen: (displayId: string) => asked.push({ displayId }),
    onPictureSettings: (settings: object) => asked.push(settings),
    onVideoAnswer: (sdp: string) => asked.push({ sdp }),
    onViewRequest: (request: object) => asked.push(request),
    onTurnWished: (wish: string) => asked.push({ wish }),
    onPing: (sequence: number) => asked.push({ sequence }),
    onEnd: () => asked.push('end'),
    onRefused: () => router.refuse('control'),
  }
  return { asked, dropped, handle: (text: string) => dispatchControl(text, scopes, handlers) }
}

const MESSAGES = [
  { type: 'watching', watching: false },
  { type: 'watching', watching: true, stencils: true },
  { type: 'select-display', displayId: 'left' },
  { type: 'picture-settings', preset: 'custom', maxKbps: 500 },
  { type: 'video-answer', sdp: 'v=0' },
  { type: 'open-view', view: 1, displayId: 'left' },
  { type: 'close-view', view: 1 },
  { type: 'give-input' },
  { type: 'take-input' },
  { type: 'ping', sequence: 3 },
  { type: 'end' },
]

it('hands each message to its handler, in their order', () => {
  const { asked, dropped, handle } = open(['view'])
  for (const message of MESSAGES) handle(JSON.stringify(message))
  expect(asked).toEqual([
    { watching: false, stencils: false },
    { watching: true, stencils: true },
    { displayId: 'left' },
    { type: 'picture-settings', preset: 'custom', maxKbps: 500 },
    { sdp: 'v=0' },
    { type: 'open-view', view: 1, displayId: 'left' },
    { type: 'close-view', view: 1 },
    { wish: 'give' },
    { wish: 'take' },
    { sequence: 3 },
    'end',
  ])
  expect(dropped).toEqual([])
})

it('refuses what is malformed, out of range or unknown, and tells it once', () => {
  const { asked, dropped, handle } = open(['view'])
  for (const text of [
    '',
    '{"type":"end"',
    'null',
    '[{"type":"end"}]',
    '{"__proto__":{"type":"end"}}',
    '{"type":"format-disk"}',
    '{"type":"open-view","view":9,"displayId":"left"}',
    '{"type":"open-view","view":0,"displayId":"left"}',
    '{"type":"watching","watching":"yes"}',
    '{"type":"ping","sequence":-1}',
    '{"type":"select-display","displayId":""}',
    '{"type":"picture-settings","preset":"custom","scale":9}',
    JSON.stringify({ type: 'video-answer', sdp: 'x'.repeat(15_001) }),
  ])
    handle(text)
  expect(asked).toEqual([])
  expect(dropped).toEqual(['control invalid'])
})

it('refuses every message where the session lacks the scope of the channel, and tells it once', () => {
  const { asked, dropped, handle } = open(['control'])
  for (const message of MESSAGES) handle(JSON.stringify(message))
  expect(asked).toEqual([])
  expect(dropped).toEqual(['control invalid'])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type InputMessage, inputMessageSchema } from '#protocol/peer/input.ts'
import { InputSender } from './input-sender.ts'

function open() {
  const sent: InputMessage[] = []
  const frames = new Map<number, () => void>()
  let handle = 0
  const sender = new InputSender({
    send: message => sent.push(message),
    requestFrame: callback => {
      frames.set(++handle, callback)
      return handle
    },
    cancelFrame: cancelled => frames.delete(cancelled),
  })
  const drawFrame = () => {
    const due = [...frames.values()]
    frames.clear()
    for (const callback of due) callback()
  }
  sender.setEnabled(true)
  return { sender, sent, drawFrame }
}
const at = (x: number, y: number) => ({ x, y })

test('sends one movement for each drawn frame: the newest', () => {
  const { sender, sent, drawFrame } = open()
  for (let x = 0; x < 50; x++) sender.move(at(x, 1))
  expect(sent).toEqual([])
  drawFrame()
  drawFrame()
  expect(sent).toEqual([{ type: 'pointer-move', x: 49, y: 1 }])
})

test('a click never overtakes the movement before it', () => {
  const { sender, sent, drawFrame } = open()
  sender.move(at(5, 6))
  sender.button(0, true, at(5, 6))
  sender.move(at(7, 8))
  sender.button(0, false, at(7, 8))
  sender.move(at(9, 9))
  sender.scroll({ dx: 0, dy: 1 }, at(9, 9))
  drawFrame()
  expect(sent.map(message => message.type)).toEqual([
    'pointer-move',
    'pointer-button',
    'pointer-move',
    'pointer-button',
    'pointer-move',
    'scroll',
  ])
})

test('a key goes down once and up only when it was down', () => {
  const { sender, sent } = open()
  sender.key('KeyA', false)
  sender.key('KeyA', true)
  sender.key('KeyA', true)
  sender.key('KeyA', false)
  sender.button(0, false, at(0, 0))
  sender.button(7, true, at(0, 0))
  expect(sent).toEqual([
    { type: 'key', code: 'KeyA', pressed: true },
    { type: 'key', code: 'KeyA', pressed: false },
  ])
})

test('a chord leaves a key alone that the person holds', () => {
  const { sender, sent } = open()
  sender.key('AltLeft', true)
  sender.chord(['AltLeft', 'F4'])
  expect(sent.map(message => (message.type === 'key' ? `${message.pressed ? '+' : '-'}${message.code}` : ''))).toEqual([
    '+AltLeft',
    '+F4',
    '-F4',
  ])
})

test('disabled means silence, after everything was lifted', () => {
  const { sender, sent, drawFrame } = open()
  sender.key('ControlLeft', true)
  sender.button(0, true, at(1, 1))
  sender.move(at(2, 2))
  sender.setEnabled(false)
  sender.move(at(3, 3))
  sender.key('KeyB', true)
  sender.text('x')
  sender.releaseAll()
  drawFrame()
  expect(sent.at(-1)).toEqual({ type: 'release-all' })
  expect(sent).toHaveLength(3)
  sender.setEnabled(true)
  sender.key('ControlLeft', false)
  expect(sent).toHaveLength(3)
})

test('text is cut between characters and every piece fits a message', () => {
  const { sender, sent } = open()
  sender.text('😀'.repeat(1_200))
  expect(sent).toHaveLength(3)
  for (const message of sent) expect(inputMessageSchema.safeParse(message).success).toBe(true)
  expect(sent.map(message => (message.type === 'text' ? message.text : '')).join('')).toBe('😀'.repeat(1_200))
})

test('A160 after any input, releasing leaves nothing down and the device is told', () => {
  const code = fc.constantFrom('KeyA', 'ShiftLeft', 'ControlLeft')
  const step = fc.oneof(
    fc.record({ do: fc.constant('key' as const), code, pressed: fc.boolean() }),
    fc.record({ do: fc.constant('button' as const), button: fc.integer({ min: -1, max: 6 }), pressed: fc.boolean() }),
    fc.record({ do: fc.constant('move' as const) }),
    fc.record({ do: fc.constant('release' as const) }),
    fc.record({ do: fc.constant('frame' as const) }),
  )
  fc.assert(
    fc.property(fc.array(step), steps => {
      const { sender, sent, drawFrame } = open()
      for (const one of steps) {
        if (one.do === 'key') sender.key(one.code, one.pressed)
        else if (one.do === 'button') sender.button(one.button, one.pressed, at(1, 1))
        else if (one.do === 'move') sender.move(at(1, 1))
        else if (one.do === 'release') sender.releaseAll()
        else drawFrame()
      }
      const down = new Set<string>()
      for (const message of sent) {
        if (message.type === 'release-all') down.clear()
        if (message.type !== 'key' && message.type !== 'pointer-button') continue
        const name = message.type === 'key' ? message.code : String(message.button)
        // What is said is always news: nothing goes down twice or up without having been down.
        expect(down.has(name)).toBe(!message.pressed)
        if (message.pressed) down.add(name)
        else down.delete(name)
      }
      expect(sender.isDragging).toBe([...down].some(name => /^\d$/.test(name)))
      sender.releaseAll()
      expect(sent.at(-1)).toEqual({ type: 'release-all' })
      expect(sender.isDragging).toBe(false)
    }),
  )
})

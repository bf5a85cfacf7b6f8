import { z } from 'zod'
import { runHost } from '../agent/host/run.ts'
import { createFakePlatform } from '../agent/platform/fake/index.ts'
import { PlatformError } from '../agent/platform/platform.ts'

// A session host whose computer is in memory. It takes the service's messages as the real one does, and these beside them.
const fixtureSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('fixture-paint'), colour: z.number() }),
  z.object({ type: z.literal('fixture-resize'), width: z.number(), height: z.number() }),
  z.object({ type: z.literal('fixture-add-display'), id: z.string(), x: z.number(), y: z.number() }),
  z.object({ type: z.literal('fixture-move-display'), id: z.string(), x: z.number(), y: z.number() }),
  z.object({ type: z.literal('fixture-remove-display'), id: z.string() }),
  z.object({ type: z.literal('fixture-lose-desktop') }),
  z.object({ type: z.literal('fixture-deny-desktop'), isDenied: z.boolean() }),
  z.object({ type: z.literal('fixture-sleep') }),
  z.object({ type: z.literal('fixture-move-pointer'), x: z.number(), y: z.number() }),
  z.object({ type: z.literal('fixture-seat') }),
])

const displays = [
  { id: 'left', name: 'Left', bounds: { x: 0, y: 0, width: 640, height: 480 }, isPrimary: true },
  { id: 'right', name: 'Right', bounds: { x: 640, y: 100, width: 321, height: 241 }, isPrimary: false },
]
const platform = createFakePlatform({ displays })
const { machine } = platform
machine.paint('left', 0xff0000)
machine.paint('right', 0x0000ff)

process.on('message', value => {
  const message = fixtureSchema.safeParse(value).data
  if (message?.type === 'fixture-paint') machine.paint('left', message.colour)
  if (message?.type === 'fixture-resize') machine.resizeDisplay('left', message.width, message.height)
  if (message?.type === 'fixture-add-display') {
    const { id, x, y } = message
    machine.addDisplay({ id, name: id, bounds: { x, y, width: 200, height: 100 }, isPrimary: false })
    machine.paint(id, 0xffff00)
  }
  if (message?.type === 'fixture-move-display') machine.moveDisplay(message.id, message.x, message.y)
  if (message?.type === 'fixture-remove-display') machine.removeDisplay(message.id)
  if (message?.type === 'fixture-lose-desktop') machine.crash()
  if (message?.type === 'fixture-deny-desktop') {
    machine.refusal = message.isDenied
      ? new PlatformError('display-denied', 'The person allows no pictures.')
      : undefined
    if (message.isDenied) machine.crash()
  }
  if (message?.type === 'fixture-sleep') machine.isAsleep = true
  if (message?.type === 'fixture-move-pointer') machine.movePointer(message.x, message.y)
  if (message?.type === 'fixture-seat') {
    const { seat } = machine
    const { heldKeys, heldButtons, pointer, typed, actions } = seat
    process.send?.({ type: 'fixture-seat', heldKeys, heldButtons, pointer, typed, actions })
  }
})

runHost(() => platform)

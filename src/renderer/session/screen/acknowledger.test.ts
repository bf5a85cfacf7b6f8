import { expect, test } from 'vitest'
import { Acknowledger } from './acknowledger.ts'

function open() {
  const sent: number[][] = []
  const timers: { delayMs: number; act: () => void }[] = []
  const acknowledger = new Acknowledger({
    send: message => sent.push([...message]),
    after: (delayMs, act) => {
      const timer = { delayMs, act }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
  })
  return { acknowledger, sent, timers }
}

test('little is acknowledged 400 ms after its first frame, with the newest that is drawn', () => {
  const { acknowledger, sent, timers } = open()
  acknowledger.handleDrawn(254, 100)
  acknowledger.handleDrawn(255, 100)
  acknowledger.handleDrawn(0, 100)
  expect(sent).toEqual([])
  expect(timers.map(({ delayMs }) => delayMs)).toEqual([400])
  timers[0]?.act()
  expect(sent).toEqual([[0, 0]])
  acknowledger.handleDrawn(1, 1)
  expect(timers).toHaveLength(1)
})

test('eight kibibytes are acknowledged at once, and the wait is over', () => {
  const { acknowledger, sent, timers } = open()
  acknowledger.handleDrawn(3, 8_000)
  acknowledger.handleDrawn(4, 192)
  expect(sent).toEqual([[0, 4]])
  expect(timers).toEqual([])
  acknowledger.handleDrawn(5, 8_191)
  expect(sent).toHaveLength(1)
  acknowledger.close()
  acknowledger.close()
  expect(timers).toEqual([])
})

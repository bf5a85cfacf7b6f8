import { expect, it, vi } from 'vitest'
import { WhenStill } from './when-still.ts'

function setUp() {
  vi.useFakeTimers()
  const ran: string[] = []
  const still = new WhenStill()
  return { still, ran, run: (name: string) => still.run(() => ran.push(name)) }
}

it('changes a list that nobody scrolls at once', () => {
  const { ran, run } = setUp()
  run('a')
  run('b')
  expect(ran).toEqual(['a', 'b'])
})

it('holds a list that is scrolled still, and brings it to its newest state when it stands', () => {
  const { still, ran, run } = setUp()
  for (let look = 0; look < 20; look++) {
    still.moved()
    run(`${look}`)
    vi.advanceTimersByTime(100)
  }
  expect(ran).toEqual([])
  vi.advanceTimersByTime(100)
  expect(ran).toEqual(['19'])
  vi.advanceTimersByTime(1_000)
  expect(ran).toEqual(['19'])
})

it('changes nothing that is gone', () => {
  const { still, ran, run } = setUp()
  still.moved()
  run('a')
  still.close()
  vi.advanceTimersByTime(1_000)
  expect(ran).toEqual([])
})

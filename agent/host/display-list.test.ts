import { expect, it } from 'vitest'
import { DisplayList } from './display-list.ts'

const display = (id: string, x: number, width: number) => ({
  id,
  name: id,
  bounds: { x, y: 0, width, height: 1000 },
  isPrimary: false,
})

it('all displays can be chosen and are never listed', () => {
  const list = new DisplayList()
  expect(list.choose('all')).toBe(false)
  list.replace([display('a', 100, 500), display('b', 600, 300)])
  expect(list.choose('all')).toBe(true)
  expect(list.selected).toMatchObject({ id: 'all', bounds: { x: 100, y: 0, width: 800, height: 1000 } })
  expect(list.toMessage()).toMatchObject({ selectedId: 'all', displays: [{ id: 'a' }, { id: 'b' }] })
})

it('a wall of displays that no picture can hold is not shown as one', () => {
  const list = new DisplayList()
  list.replace([display('a', 0, 10_000), display('b', 10_000, 10_000)])
  expect(list.choose('all')).toBe(false)
  expect(list.selected?.id).toBe('a')
})

it('more displays than a message can have are cut, and all of them are still one picture', () => {
  const list = new DisplayList()
  list.replace(Array.from({ length: 20 }, (_, index) => display(`d${index}`, index * 100, 100)))
  list.choose('all')
  expect(list.toMessage()).toMatchObject({ displays: { length: 16 } })
  expect(list.selected?.bounds.width).toBe(2000)
})

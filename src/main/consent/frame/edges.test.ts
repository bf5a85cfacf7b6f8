import { expect, it } from 'vitest'
import { edgesOf } from './edges.ts'

const banner = { x: 160, y: 0, width: 960, height: 64 }

it('go round every monitor and leave the banner free', () => {
  const second = { x: 1280, y: 100, width: 800, height: 600 }
  const edges = edgesOf([{ x: 0, y: 0, width: 1280, height: 800 }, second], banner)
  expect(edges.slice(0, 5)).toEqual([
    { x: 0, y: 0, width: 160, height: 3 },
    { x: 1120, y: 0, width: 160, height: 3 },
    { x: 0, y: 797, width: 1280, height: 3 },
    { x: 0, y: 3, width: 3, height: 794 },
    { x: 1277, y: 3, width: 3, height: 794 },
  ])
  expect(edges.slice(5)[0]).toEqual({ x: 1280, y: 100, width: 800, height: 3 })
  expect(edges).toHaveLength(9)
})

it('a banner as wide as its monitor leaves no upper edge', () => {
  expect(edgesOf([{ x: 0, y: 0, width: 800, height: 600 }], { ...banner, x: 0, width: 800 })).toHaveLength(3)
})

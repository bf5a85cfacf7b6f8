import { expect, it } from 'vitest'
import { type Colour, LINE } from './consent-colours.ts'
import { quietButtonsLeftOf } from './consent-parts.ts'

const WIDTH = 200
const END = { x: 160, y: 8, width: 30, height: 36 }

it('a pixel of the words that has the colour of a border is no button', () => {
  const picture = { width: WIDTH, height: 64, pixels: new Uint8Array(WIDTH * 64 * 4) }
  const paint = (x: number, y: number, [red, green, blue]: Colour) =>
    picture.pixels.set([red, green, blue, 255], (y * WIDTH + x) * 4)
  for (const x of [90, 91, 120, 121, 130, 131, 150, 151]) for (let y = 10; y < 42; y++) paint(x, y, LINE)
  const buttons = quietButtonsLeftOf(picture, END)
  expect(buttons.map(({ x, width }) => [x, width])).toEqual([
    [90, 30],
    [130, 20],
  ])
  for (const x of [10, 14, 40]) for (const y of [34, 35]) paint(x, y, LINE)
  expect(quietButtonsLeftOf(picture, END)).toEqual(buttons)
})

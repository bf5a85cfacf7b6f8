import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isInside, layoutPicture, pictureSize, toPicturePixel } from './geometry.ts'

const HD = { width: 1920, height: 1080 }

test('fit centres the whole picture between bars of equal width', () => {
  expect(layoutPicture({ width: 960, height: 700 }, HD, 'fit', 1)).toEqual({
    left: 0,
    top: 80,
    width: 960,
    height: 540,
  })
  expect(layoutPicture({ width: 1280, height: 640 }, { width: 640, height: 640 }, 'fit', 1)).toEqual({
    left: 320,
    top: 0,
    width: 640,
    height: 640,
  })
})

test('1:1 shows a picture pixel on a screen pixel and starts at the corner where it is larger than the window', () => {
  expect(layoutPicture({ width: 1000, height: 700 }, HD, 'actual', 1)).toEqual({ left: 0, top: 0, ...HD })
  expect(layoutPicture({ width: 1000, height: 700 }, HD, 'actual', 2)).toEqual({
    left: 20,
    top: 80,
    width: 960,
    height: 540,
  })
})

test('every pixel is reached by its own middle, at any scale and any scroll position', () => {
  const side = fc.integer({ min: 1, max: 4000 })
  fc.assert(
    fc.property(
      fc.record({ width: side, height: side }),
      fc.record({ width: side, height: side }),
      fc.constantFrom('fit' as const, 'actual' as const),
      fc.constantFrom(1, 1.25, 1.5, 2),
      fc.record({ x: fc.double({ min: 0, max: 1, noNaN: true }), y: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ x: fc.integer({ min: 0, max: 5000 }), y: fc.integer({ min: 0, max: 5000 }) }),
      (viewport, picture, zoom, ratio, where, scroll) => {
        const box = layoutPicture(viewport, picture, zoom, ratio)
        const shown = { ...box, left: box.left - scroll.x, top: box.top - scroll.y }
        const x = Math.min(picture.width - 1, Math.floor(where.x * picture.width))
        const y = Math.min(picture.height - 1, Math.floor(where.y * picture.height))
        const client = {
          x: shown.left + ((x + 0.5) / picture.width) * shown.width,
          y: shown.top + ((y + 0.5) / picture.height) * shown.height,
        }
        expect(isInside(client, shown)).toBe(true)
        expect(toPicturePixel(client, shown, picture)).toEqual({ x, y })
      },
    ),
  )
})

test('a drag that leaves the picture stays on its edge', () => {
  const shown = { left: 100, top: 50, width: 960, height: 540 }
  expect(toPicturePixel({ x: 0, y: 9999 }, shown, HD)).toEqual({ x: 0, y: 1079 })
  expect(toPicturePixel({ x: 1060, y: 50 }, shown, HD)).toEqual({ x: 1919, y: 0 })
  expect(isInside({ x: 99.9, y: 60 }, shown)).toBe(false)
  expect(isInside({ x: 1060, y: 60 }, shown)).toBe(false)
})

test('the display’s size is the truth while the encoder only shrinks the picture', () => {
  expect(pictureSize(HD, { width: 960, height: 540 })).toEqual(HD)
  expect(pictureSize(HD, { width: 0, height: 0 })).toEqual(HD)
  expect(pictureSize(HD, { width: 800, height: 600 })).toEqual({ width: 800, height: 600 })
  expect(pictureSize(undefined, { width: 800, height: 600 })).toEqual({ width: 800, height: 600 })
})

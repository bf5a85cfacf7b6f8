import { randomBytes } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { cursorMessage } from './cursor-message.ts'

describe('cursor message', () => {
  it('carries the shape as it is when it fits', () => {
    const rgba = Uint8Array.from({ length: 16 * 16 * 4 }, (_, index) => index & 255)
    const message = cursorMessage({ width: 16, height: 16, hotspotX: 3, hotspotY: 4, rgba })
    expect(message).toMatchObject({ width: 16, height: 16, hotspotX: 3, hotspotY: 4 })
    expect(new Uint8Array(inflateRawSync(Buffer.from(message?.rgbaDeflated ?? '', 'base64')))).toEqual(rgba)
  })

  it('halves what is too large in sides or in bytes', () => {
    const wide = cursorMessage({ width: 300, height: 4, hotspotX: 299, hotspotY: 3, rgba: new Uint8Array(300 * 4 * 4) })
    expect(wide).toMatchObject({ width: 75, height: 1, hotspotX: 74, hotspotY: 0 })
    const noisy = cursorMessage({
      width: 128,
      height: 128,
      hotspotX: 64,
      hotspotY: 0,
      rgba: randomBytes(128 * 128 * 4),
    })
    expect(noisy).toMatchObject({ width: 32, height: 32, hotspotX: 16, hotspotY: 0 })
  })
})

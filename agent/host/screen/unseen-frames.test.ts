import { describe, expect, it } from 'vitest'
import { UnseenFrames } from './unseen-frames.ts'

describe('frames of the video that are on their way', () => {
  it('are done with the first word of one that was sent after them', () => {
    const frames = new UnseenFrames()
    const [, second] = [frames.handleSent(0), frames.handleSent(40), frames.handleSent(80)]
    expect(frames.oldestAgeMs(250)).toBe(250)
    expect(frames.handleSeen(second ?? 0, 250)).toBe(210)
    expect(frames.oldestAgeMs(250)).toBe(170)
    expect(frames.handleSeen(second ?? 0, 260)).toBeUndefined()
  })

  it('are not known by numbers that nobody was given, nor by those of a motion that is over', () => {
    const frames = new UnseenFrames()
    const first = frames.handleSent(0)
    expect(frames.handleSeen(first + 1, 10)).toBeUndefined()
    frames.forget()
    expect(frames.handleSeen(first, 40)).toBeUndefined()
    expect(frames.oldestAgeMs(5_000)).toBe(0)
    expect(frames.handleSent(50)).not.toBe(first)
  })

  it('are numbered modulo 65536, and those of an operator that says nothing are forgotten', () => {
    const frames = new UnseenFrames()
    const numbers = Array.from({ length: 65_537 }, (_, atMs) => frames.handleSent(atMs))
    expect(Math.max(...new Set(numbers))).toBe(65_535)
    expect(numbers.at(-1)).toBe(numbers[0])
    expect(frames.oldestAgeMs(65_536)).toBe(255)
  })
})

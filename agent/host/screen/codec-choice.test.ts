import { describe, expect, it } from 'vitest'
import { CodecChoice } from './codec-choice.ts'

const ALL = ['VP8', 'VP9', 'AV1'] as const
const FULL_HD = 1920 * 1080
const QUARTER = FULL_HD / 16

describe('the codec of a motion', () => {
  it('is VP8 until something was measured, and on links that carry it', () => {
    const choice = new CodecChoice()
    expect(choice.pick(ALL, QUARTER, 800)).toBe('VP8')
    choice.handleMeasured('VP8', 1, FULL_HD)
    expect(choice.pick(ALL, FULL_HD, 20_000)).toBe('VP8')
  })

  it('has the fewest bits on a slow link, as far as the processor keeps up', () => {
    const choice = new CodecChoice()
    choice.handleMeasured('VP8', 40, FULL_HD)
    expect(choice.pick(ALL, QUARTER, 800)).toBe('AV1')
    expect(choice.pick(ALL, FULL_HD / 4, 800)).toBe('VP9')
    expect(choice.pick(ALL, FULL_HD, 800)).toBe('VP8')
    expect(choice.pick(['VP8', 'VP9'], QUARTER, 800)).toBe('VP9')
  })

  it('believes what it measures more than what it expects', () => {
    const choice = new CodecChoice()
    choice.handleMeasured('VP8', 40, FULL_HD)
    choice.handleMeasured('AV1', 30, QUARTER)
    expect(choice.pick(ALL, QUARTER, 800)).toBe('VP9')
  })

  it('takes what there is', () => {
    expect(new CodecChoice().pick(['VP9'], FULL_HD, 800)).toBe('VP9')
    expect(new CodecChoice().pick([], FULL_HD, 800)).toBeUndefined()
  })
})

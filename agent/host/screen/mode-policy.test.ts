import { describe, expect, it } from 'vitest'
import { ModePolicy, type TilesFrame } from './mode-policy.ts'
import { limitsOf } from './picture-limits.ts'

const SCREEN_PIXELS = 2_000_000
const automatic = limitsOf(undefined)
const light: TilesFrame = {
  nowMs: 0,
  changedPixels: 1_000_000,
  workMs: 4,
  bytes: 2_000,
  isBehind: false,
  isSimple: () => false,
}

/** Frames of 60 a second from `fromMs` on; the time at which the policy wants motion, if it does within a second. */
function motionAfter(policy: ModePolicy, frame: Partial<TilesFrame>, fromMs = 10_000): number | undefined {
  for (let nowMs = fromMs; nowMs < fromMs + 1_000; nowMs += 1000 / 60) {
    if (policy.needsMotion({ ...light, ...frame, nowMs })) return nowMs - fromMs
  }
  return undefined
}

const policyOf = (preset?: 'text' | 'motion' | 'low-bandwidth') =>
  new ModePolicy(SCREEN_PIXELS, preset ? limitsOf({ type: 'picture-settings', preset }) : automatic)

describe('tiles or video', () => {
  it('stays with tiles that keep up, however much moves', () => {
    expect(motionAfter(policyOf(), {})).toBeUndefined()
  })

  it.each([
    { why: 'cost too much work', frame: { workMs: 14 } },
    { why: 'are too many bytes', frame: { bytes: 60_000 } },
    { why: 'stay behind', frame: { isBehind: true } },
  ])('takes video within half a second when tiles $why', ({ frame }) => {
    expect(motionAfter(policyOf(), frame)).toBeLessThan(500)
  })

  it('keeps to tiles on a slow link while what moves is simple', () => {
    expect(motionAfter(policyOf(), { isBehind: true, isSimple: () => true })).toBeUndefined()
  })

  it('never takes video for small changes, nor for a single large one', () => {
    expect(motionAfter(policyOf(), { changedPixels: 5_000, isBehind: true, workMs: 16 })).toBeUndefined()
    expect(policyOf().needsMotion({ ...light, nowMs: 1, workMs: 400, bytes: 3_000_000 })).toBe(false)
  })

  it('follows the operator’s preset', () => {
    expect(motionAfter(policyOf('text'), { isBehind: true, workMs: 16 })).toBeUndefined()
    expect(motionAfter(policyOf('motion'), {})).toBeLessThan(100)
    expect(motionAfter(policyOf('low-bandwidth'), { bytes: 4_000 })).toBeLessThan(500)
  })

  it('stays with tiles where video would show less, and asks no more for a while; not where the operator wants video or few bytes', () => {
    const policy = policyOf()
    // 60 tiles a second.
    expect(motionAfter(policy, { bytes: 60_000 })).toBeDefined()
    expect(policy.isWorthVideo(10_400, { ageMs: 100, intervalMs: 30 }, 0)).toBe(true)
    expect(policy.isWorthVideo(10_400, { ageMs: 200, intervalMs: 250 }, 100)).toBe(false)
    expect(policy.isWorthVideo(10_400, { ageMs: 200, intervalMs: 250 }, 300)).toBe(true)
    policy.restFromVideo(10_400)
    expect(motionAfter(policy, { bytes: 60_000 }, 20_000)).toBeUndefined()
    expect(motionAfter(policy, { bytes: 60_000 }, 41_000)).toBeDefined()
    policy.restFromVideo(41_400)
    policy.setLimits(limitsOf({ type: 'picture-settings', preset: 'motion' }))
    expect(motionAfter(policy, { bytes: 60_000 }, 42_000)).toBeDefined()
    for (const preset of ['motion', 'low-bandwidth'] as const) {
      const other = policyOf(preset)
      motionAfter(other, { bytes: 60_000 })
      expect(other.isWorthVideo(10_400, { ageMs: 200, intervalMs: 250 }, 0)).toBe(true)
    }
  })

  it('takes video for what tiles show in parts only, as on a link that is too slow for them', () => {
    const policy = policyOf()
    expect(motionAfter(policy, { isBehind: true })).toBeDefined()
    expect(policy.isWorthVideo(10_400, { ageMs: 200, intervalMs: 250 }, 0)).toBe(true)
  })

  it('is calm 300 ms after the last large change, and small ones don’t keep it from that', () => {
    const policy = policyOf()
    policy.handleSwitch('motion', 0)
    policy.handleMotionFrame(100, 1_000_000)
    policy.handleMotionFrame(350, 2_000)
    expect(policy.isCalm(399)).toBe(false)
    expect(policy.isCalm(400)).toBe(true)
  })

  it('leaves video at once when the operator asks for text', () => {
    const policy = policyOf()
    policy.handleSwitch('motion', 0)
    policy.setLimits(limitsOf({ type: 'picture-settings', preset: 'text' }))
    expect(policy.isCalm(10)).toBe(true)
  })

  it('does not come back to video before late frames of the last one have gone', () => {
    const policy = policyOf()
    policy.handleSwitch('tiles', 10_000)
    expect(motionAfter(policy, { isBehind: true })).toBeGreaterThanOrEqual(600)
  })

  it('tries tiles again for a simple picture, and less often each time that they fail', () => {
    const policy = policyOf()
    let nowMs = 0
    const waits: number[] = []
    for (let round = 0; round < 4; round++) {
      policy.handleSwitch('motion', nowMs)
      const startMs = nowMs
      while (!policy.mayTryTiles(nowMs, () => true)) nowMs += 100
      waits.push(nowMs - startMs)
      policy.handleSwitch('tiles', nowMs)
      nowMs += 1_000
    }
    expect(waits).toEqual([1_500, 3_000, 6_000, 12_000])
    expect(policy.mayTryTiles(nowMs + 60_000, () => false)).toBe(false)
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BannerKeyboard } from './banner-keyboard.ts'
import { notOwnHand } from './own-hand/own-hand.ts'
import type { PressKind } from './own-hand/presses.ts'

describe('the keyboard of the banner', () => {
  let heard: string[]
  let isProgram: boolean
  /** Of which presses it was asked whether a program made them. */
  let askedOf: (PressKind | undefined)[]
  let spoiledSinceMs: number
  let keyboard: BannerKeyboard

  beforeEach(() => {
    vi.useFakeTimers()
    heard = []
    isProgram = false
    askedOf = []
    keyboard = new BannerKeyboard({
      monotonicMs: () => Date.now(),
      nowMs: () => Date.now(),
      refuseProgram: async only => {
        askedOf.push(only)
        if (isProgram) throw notOwnHand()
      },
      take: () => void heard.push('take'),
      giveBack: () => void heard.push('back'),
      spoilDraft: ({ sinceMs, isOver }) => {
        spoiledSinceMs = sinceMs
        heard.push(isOver ? 'mended' : 'spoiled')
      },
      tellService: isHere => void heard.push(isHere ? 'here' : 'away'),
    })
  })
  afterEach(() => {
    keyboard.close()
    vi.useRealTimers()
  })
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  /** What was heard since the last time. */
  const news = () => heard.splice(0)
  const makeLive = async () => {
    keyboard.begin()
    await pass(3_000)
    news()
  }

  it('goes back to the program that the person works in when the banner begins, also where a window manager brings it a moment later', async () => {
    keyboard.see(true)
    expect(news()).toEqual([])
    keyboard.begin()
    keyboard.begin()
    expect(news()).toEqual(['back'])
    for (let times = 0; times < 10; times++) {
      keyboard.see(false)
      keyboard.see(true)
    }
    // One that brings it back each time has its way.
    expect(news().filter(word => word === 'back')).toHaveLength(3)
  })

  it('A67 comes by a key of the person’s and stays; what only a program brings goes back at once', async () => {
    await makeLive()
    keyboard.see(true)
    await pass(5_000)
    expect(news()).toEqual([])
    keyboard.see(false)
    isProgram = true
    await pass(5_000)
    keyboard.see(true)
    await pass(0)
    expect(news()).toEqual(['back'])
  })

  it('goes back after a press on a button, stays while the chat is open, and goes with a press beside it', async () => {
    await makeLive()
    keyboard.pressed(true)
    keyboard.see(true)
    expect(news()).toEqual([])
    await pass(250)
    expect(news()).toEqual(['back'])
    keyboard.see(false)
    await pass(1_000)
    keyboard.pressed(true)
    keyboard.see(true)
    keyboard.need(true)
    await pass(5_000)
    expect(news()).toEqual(['here', 'take'])
    keyboard.pressed(true)
    await pass(5_000)
    expect(news()).toEqual([])
    keyboard.pressed(false)
    await pass(250)
    expect(news()).toEqual(['back'])
    keyboard.need(false)
    expect(news()).toEqual(['away', 'back'])
  })

  it('A166 stays with the line that the person is writing when an operator’s click takes it away; their own press takes it where they like', async () => {
    await makeLive()
    keyboard.need(true)
    keyboard.see(true)
    news()
    isProgram = true
    keyboard.see(false)
    await pass(0)
    // Nobody was writing: whoever clicks elsewhere works there.
    expect(news()).toEqual(['away'])
    keyboard.pressed(true)
    expect(news()).toEqual(['take'])
    keyboard.see(true)
    keyboard.writes(true)
    for (let times = 0; times < 30; times++) {
      keyboard.see(false)
      await pass(10)
      keyboard.see(true)
    }
    expect([askedOf.at(-1), news().filter(word => word === 'take').length]).toEqual(['pointer', 20])
    isProgram = false
    await pass(20_000)
    news()
    keyboard.see(false)
    await pass(0)
    expect(news()).toEqual(['away'])
    // The keyboard is taken where the line is still to be written, and nowhere else.
    isProgram = true
    keyboard.see(true)
    keyboard.need(false)
    news()
    keyboard.see(false)
    await pass(0)
    keyboard.pressed(true)
    expect(news()).toEqual([])
  })

  it('A59 A166 what a program types while it is here, or comes, or has just gone, doesn’t stay in the chat', async () => {
    await makeLive()
    keyboard.foreignKey(0)
    await pass(10_000)
    expect([news(), keyboard.isSpoiled]).toEqual([[], false])
    keyboard.need(true)
    keyboard.see(true)
    news()
    keyboard.foreignKey(0)
    expect([news(), keyboard.isSpoiled]).toEqual([['spoiled'], true])
    await pass(600)
    keyboard.foreignKey(0)
    await pass(600)
    expect(keyboard.isSpoiled).toBe(true)
    await pass(100)
    // Once more when the last of it has arrived.
    expect([news(), keyboard.isSpoiled]).toEqual([['spoiled', 'mended'], false])
    keyboard.see(false)
    await pass(400)
    keyboard.foreignKey(0)
    expect(news()).toEqual(['away', 'spoiled'])
    await pass(5_000)
    news()
    keyboard.foreignKey(0)
    const pressedAtMs = Date.now()
    await pass(400)
    keyboard.see(true)
    expect(news()).toEqual(['here', 'spoiled'])
    expect(spoiledSinceMs).toBe(pressedAtMs)
  })

  it('A166 says since the first of several keys that came before the window’s word, and not since long ago', async () => {
    await makeLive()
    keyboard.need(true)
    await pass(5_000)
    keyboard.foreignKey(0)
    const firstMs = Date.now()
    await pass(100)
    keyboard.foreignKey(0)
    await pass(200)
    keyboard.see(true)
    expect(spoiledSinceMs).toBe(firstMs)
    keyboard.see(false)
    await pass(5_000)
    for (let key = 0; key < 20; key++) {
      keyboard.foreignKey(0)
      await pass(100)
    }
    keyboard.see(true)
    expect(spoiledSinceMs).toBe(Date.now() - 500)
  })

  it('A166 says since when, however late it hears of a program’s key', async () => {
    await makeLive()
    keyboard.need(true)
    keyboard.see(true)
    keyboard.foreignKey(120)
    expect(spoiledSinceMs).toBe(Date.now() - 120)
  })
})

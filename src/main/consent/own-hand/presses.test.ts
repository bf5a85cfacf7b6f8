import { beforeEach, describe, expect, it } from 'vitest'
import { Presses } from './presses.ts'

describe('the last presses of a display', () => {
  let nowMs: number
  let presses: Presses
  beforeEach(() => {
    nowMs = 10_000
    presses = new Presses(() => nowMs)
  })

  it('are nobody’s where there are none, or none just now', () => {
    presses.add('key', true)
    nowMs += 1_501
    expect([presses.areOwn(), presses.areAProgramsAlone()]).toEqual([false, false])
  })

  it('A59 are the person’s own only where none was a program’s', () => {
    presses.add('key', true)
    expect(presses.areOwn()).toBe(true)
    presses.add('pointer', false)
    expect([presses.areOwn(), presses.areAProgramsAlone()]).toEqual([false, false])
  })

  it('A67 of keys alone: what the operator does with a mouse keeps no key of the person’s from counting', () => {
    presses.add('pointer', false)
    expect([presses.areOwn('key'), presses.areAProgramsAlone('key')]).toEqual([false, false])
    presses.add('key', true)
    expect([presses.areOwn('key'), presses.areAProgramsAlone('key')]).toEqual([true, false])
    presses.add('key', false)
    expect([presses.areOwn('key'), presses.areAProgramsAlone('key')]).toEqual([false, false])
  })

  it('A67 a program’s key is a program’s, whatever the person does with the mouse beside it', () => {
    presses.add('key', false)
    presses.add('pointer', true)
    expect([presses.areAProgramsAlone(), presses.areAProgramsAlone('key')]).toEqual([false, true])
  })
})

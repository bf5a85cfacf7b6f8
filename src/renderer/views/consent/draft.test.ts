import { expect, it } from 'vitest'
import { Draft } from './draft.ts'

/** The keys with their times; what each of them writes stands there when the next one comes. */
function written(keys: readonly (readonly [string, number])[]): { draft: Draft; text: string } {
  const draft = new Draft()
  let text = ''
  for (const [key, atMs] of keys) {
    draft.noteKey(atMs, text)
    text += key
  }
  return { draft, text }
}

it('A166 gives back what stood there before a program’s first key, and takes nothing until the last of them has come', () => {
  const { draft, text } = written([
    ['y', 1_000],
    ['e', 1_200],
    ['X', 1_400],
    ['s', 1_450],
  ])
  expect(draft.spoil({ sinceMs: 1_400, isOver: false }, text)).toBe('ye')
  draft.noteKey(1_500, 'ye')
  expect(draft.spoil({ sinceMs: 1_490, isOver: false }, 'yeY')).toBe('ye')
  expect(draft.isSpoiled).toBe(true)
  expect(draft.spoil({ sinceMs: 1_490, isOver: true }, 'yeYZ')).toBe('ye')
  expect(draft.isSpoiled).toBe(false)
})

it('leaves what stands there where the program’s key hasn’t come', () => {
  const { draft, text } = written([['y', 1_000]])
  expect(draft.spoil({ sinceMs: 1_200, isOver: true }, text)).toBe('y')
})

it('A166 is told of a key by a clock that is a little behind', () => {
  const { draft, text } = written([
    ['y', 1_000],
    ['X', 1_400],
  ])
  expect(draft.spoil({ sinceMs: 1_420, isOver: true }, text)).toBe('y')
})

it('A166 has nothing of what was sent before', () => {
  const { draft } = written([['y', 1_000]])
  draft.forget()
  draft.noteKey(2_000, '')
  expect(draft.spoil({ sinceMs: 1_000, isOver: true }, 'X')).toBe('')
})

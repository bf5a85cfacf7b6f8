import { expect, it } from 'vitest'
import { SameMoment } from './same-moment.ts'

function world() {
  let moment = 1
  let asked = 0
  const kept = new SameMoment<{ readonly at: number }>({ moment: () => moment })
  return {
    kept,
    commit: () => void moment++,
    asked: () => asked,
    ask: async () => {
      asked++
      return { at: moment }
    },
  }
}

it('asks once for as long as nothing is committed, and anew after that', async () => {
  const { kept, ask, asked, commit } = world()
  for (let turn = 0; turn < 3; turn++) expect(await kept.of('ada', ask)).toEqual({ at: 1 })
  expect(asked()).toBe(1)
  commit()
  expect(await kept.of('ada', ask)).toEqual({ at: 2 })
  await kept.of('bob', ask)
  expect(asked()).toBe(3)
})

it('keeps no answer that was asked for before a commit and came after it', async () => {
  const { kept, ask, commit } = world()
  const gate = Promise.withResolvers<void>()
  const slow = kept.of('ada', async () => {
    await gate.promise
    return { at: 1 }
  })
  commit()
  expect(await kept.of('bob', ask)).toEqual({ at: 2 })
  gate.resolve()
  expect(await slow).toEqual({ at: 1 })
  expect(await kept.of('ada', ask)).toEqual({ at: 2 })
})

it('keeps nothing of what there isn’t', async () => {
  const { kept } = world()
  let asked = 0
  const nobody = async () => {
    asked++
    return undefined
  }
  expect([await kept.of('eve', nobody), await kept.of('eve', nobody), asked]).toEqual([undefined, undefined, 2])
})

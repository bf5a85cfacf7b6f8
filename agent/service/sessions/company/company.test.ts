import { expect, it } from 'vitest'
import type { Company as People } from '#protocol/peer/company.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import { type Companion, Company } from './company.ts'

/** An operator's session as far as its company sees it, which remembers what it was told last. */
class Operator implements Companion {
  readonly request: SessionRequest
  allowed: readonly Scope[] = ['view', 'control']
  people: People = []

  constructor(name: string) {
    this.request = { operator: { name } } as SessionRequest
  }

  get hasInput(): boolean {
    return this.people.some(({ isSelf, hasInput }) => isSelf && hasInput)
  }

  tellCompany(people: People): void {
    this.people = people
  }

  leftAlone(): void {
    this.allowed = ['view']
  }
}

function meet() {
  const turns: Companion[] = []
  const company = new Company(session => turns.push(session))
  const [ada, ben] = [new Operator('Ada'), new Operator('Ben')]
  company.add(ada)
  expect(ada.people).toEqual([])
  company.add(ben)
  company.add(ben)
  return { company, ada, ben, turns }
}

it('A167 mouse and keyboard are the first one’s until they give them away, and between two hands they are nobody’s', () => {
  const { company, ada, ben, turns } = meet()
  expect([ada.hasInput, ben.hasInput]).toEqual([true, false])
  company.wish(ben, 'give')
  company.wish(ben, 'take')
  expect(ada.hasInput).toBe(true)
  company.wish(ada, 'give')
  expect([ada.hasInput, ben.hasInput]).toEqual([false, false])
  company.turnOver()
  expect([ada.hasInput, ben.hasInput]).toEqual([false, true])
  company.wish(ada, 'take')
  company.turnOver()
  expect([ada.hasInput, ben.hasInput]).toEqual([true, false])
  expect(turns).toEqual([ben, ada])
})

it('A167 who may only see gets no turn, and nobody takes one without control', () => {
  const { company, ada, ben } = meet()
  ben.allowed = ['view']
  company.wish(ada, 'give')
  company.turnOver()
  expect([ada.hasInput, ben.hasInput]).toEqual([true, false])
  ben.allowed = ['view', 'control']
  company.wish(ada, 'give')
  company.turnOver()
  ada.allowed = ['view']
  company.wish(ada, 'take')
  expect(ben.hasInput).toBe(true)
})

it('A167 who is left has the turn, and no control before the person has said so anew; the first one keeps theirs', () => {
  const alone = meet()
  alone.company.remove(alone.ada)
  expect(alone.ben).toMatchObject({ hasInput: true, allowed: ['view'] })
  // The chat and the tools are whoever's is first.
  expect([alone.company.isFirst(alone.ada), alone.company.isFirst(alone.ben)]).toEqual([false, true])
  const kept = meet()
  kept.company.wish(kept.ada, 'give')
  kept.company.remove(kept.ben)
  kept.company.remove(kept.ben)
  expect(kept.ada).toMatchObject({ hasInput: true, allowed: ['view', 'control'] })
})

import { expect, it } from 'vitest'
import { requireWords } from './session-words.ts'

const tell = (asked: Parameters<typeof requireWords>[0], reason: string, ticket: string | null) => {
  try {
    requireWords(asked, { reason, ticket })
    return 'taken'
  } catch (thrown) {
    return (thrown as Error).message
  }
}

it('wants each word that is required, takes one that may be said, and none that is off', () => {
  const usual = { reason: 'required', ticket: 'optional' } as const
  expect(tell(usual, 'Printer', null)).toBe('taken')
  expect(tell(usual, 'Printer', 'INC-1')).toBe('taken')
  expect(tell(usual, '', 'INC-1')).toBe('A session with this device takes a reason.')
  const byTicket = { reason: 'off', ticket: 'required' } as const
  expect(tell(byTicket, '', 'INC-1')).toBe('taken')
  expect(tell(byTicket, '', '')).toBe('A session with this device takes a ticket.')
  expect(tell(byTicket, 'Printer', 'INC-1')).toBe('A session with this device takes no reason.')
  expect(tell({ reason: 'optional', ticket: 'off' }, '', null)).toBe('taken')
})

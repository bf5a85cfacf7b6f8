import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { operatorToolsSchema } from '#protocol/tools/messages.ts'
import { serviceToHelperSchema } from '../links/helper-link.ts'

/** The program with the most rights listens to no more than this, on either of its channels. */
const KINDS_MAX = 10

const kindsOf = (schema: typeof operatorToolsSchema | typeof serviceToHelperSchema): string[] =>
  schema.options.map(({ shape }) => shape.type.value)

it('takes at most ten kinds of messages from the operator, those that protocol.md names, and at most ten from the service', () => {
  const operators = kindsOf(operatorToolsSchema)
  expect(operators.length).toBeLessThanOrEqual(KINDS_MAX)
  expect(new Set(operators).size).toBe(operators.length)
  const described = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8')
  const named = /ten kinds of messages: ([^;]+);/.exec(described)?.[1] ?? ''
  expect([...named.matchAll(/`([a-z-]+)`/g)].map(([, kind]) => kind)).toEqual(operators)
  expect(kindsOf(serviceToHelperSchema).length).toBeLessThanOrEqual(KINDS_MAX)
})

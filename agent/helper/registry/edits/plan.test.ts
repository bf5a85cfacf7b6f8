import { expect, test } from 'vitest'
import { VALUE_DATA_MAX_BYTES } from '#protocol/tools/registry.ts'
import type { Registry } from '../registry.ts'
import { planEdit } from './plan.ts'

const REG_BINARY = 3

test('a value over its limit is refused before anything of the registry is looked at', async () => {
  const asked: string[] = []
  const registry = new Proxy({} as Registry, {
    get: (_, name) => {
      asked.push(String(name))
      return undefined
    },
  })
  const edit = {
    do: 'set' as const,
    path: 'HKEY_CURRENT_USER\\Software',
    name: 'Large',
    data: { type: REG_BINARY, isPut: true as const },
  }
  const put = { take: () => new Uint8Array(VALUE_DATA_MAX_BYTES + 1) }
  await expect(planEdit(registry, edit, put)).rejects.toMatchObject({ code: 'registry-too-large' })
  expect(asked).toEqual([])
})

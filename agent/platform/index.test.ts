import { expect, test } from 'vitest'
import { selectPlatform } from './index.ts'
import { linuxPlatform } from './linux/index.ts'

test('each system gets its own platform', async () => {
  expect(selectPlatform('linux')).toBe(linuxPlatform)
  expect(await selectPlatform('fake').facts()).toMatchObject({ platform: 'fake' })
})

test.each(['win32', 'darwin', 'freebsd'] as const)('%s says what works today', name => {
  expect(() => selectPlatform(name)).toThrow(expect.objectContaining({ code: 'unsupported' }))
  expect(() => selectPlatform(name)).toThrow('Linux')
})

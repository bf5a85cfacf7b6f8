import { cp, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NativeRegistryRun } from '#testing/native-registry-program.ts'
import { nodeForWindows } from '#testing/node-for-windows.ts'
import { hasWine, WinePrefix } from '#testing/wine-prefix.ts'
import { systemClock } from '../../../links/clock.ts'
import { openRegistry } from '../open-registry.ts'
import { parseAccess } from './key-access.ts'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const VALUES: [name: string, type: number, hex: string][] = [
  ['string', 1, Buffer.from('grüße 漢\0', 'utf16le').toString('hex')],
  ['odd string', 1, '610062'],
  ['with NUL', 1, '61000000620000000000'],
  ['expandable', 2, Buffer.from('%PATH%\0', 'utf16le').toString('hex')],
  ['binary', 3, Buffer.from(Array.from({ length: 300 }, (_, index) => index % 256)).toString('hex')],
  ['nothing', 3, ''],
  ['dword', 4, 'efbeadde'],
  ['big-endian', 5, '00000102'],
  ['link', 6, '61006200'],
  ['multi', 7, Buffer.from('a\0b\0\0', 'utf16le').toString('hex')],
  ['qword', 11, '0102030405060708'],
  ['none', 0, '0102'],
  ['of no known type', 0x1234, '070707'],
  ['', 1, Buffer.from('the default\0', 'utf16le').toString('hex')],
]

let wine: WinePrefix | undefined
let node: string | undefined

beforeAll(async () => {
  if (!hasWine) return
  node = await nodeForWindows()
  if (!node) return
  wine = await WinePrefix.make()
  // Node refuses older ones.
  await wine.reg('add', 'HKEY_CURRENT_USER\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f')
}, 300_000)
afterAll(() => wine?.close())

describe('the registry of Windows', () => {
  it('keeps every type byte for byte and undoes every edit, by native-reg in Node for Windows', {
    timeout: 120_000,
  }, async context => {
    if (!wine || !node)
      return context.skip('Wine isn’t installed, or npm’s registry with Node for Windows can’t be reached')
    const folder = join(wine.prefix, 'drive_c', 'test')
    for (const name of ['native-reg', 'node-gyp-build'])
      await cp(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true })
    await mkdir(folder, { recursive: true })
    await build({
      entryPoints: [join(ROOT, 'testing/native-registry-program.ts')],
      outfile: join(folder, 'program.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node22',
      external: ['native-reg'],
      logLevel: 'error',
    })
    await cp(node, join(folder, 'node.exe'))
    const windowsPath = (name: string) => `C:\\test\\${name}`
    await wine.run([
      windowsPath('node.exe'),
      windowsPath('program.cjs'),
      JSON.stringify(VALUES),
      windowsPath('journal.jsonl'),
      windowsPath('result.json'),
    ])
    const result = JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')) as NativeRegistryRun
    const sorted = (values: NativeRegistryRun['read']) => values.toSorted(([a], [b]) => (a < b ? -1 : 1))
    expect(sorted(result.read)).toEqual(sorted(VALUES))
    expect(result).toMatchObject({
      subkeys: ['Tree'],
      changed: true,
      restored: true,
      rights: ['read', 'set-values', 'make-keys', 'delete'],
      refused: 'registry-changed',
      absent: true,
    })
    // Another program of Windows sees the same.
    const queried = await wine.reg('query', 'HKEY_CURRENT_USER\\Software\\Handhold native', '/v', 'dword')
    expect(queried).toContain('0xdeadbeef')
  })

  it('says who owns a key and who may do what with it, in text that draws nothing', () => {
    const entries = [
      { who: 'BUILTIN\\Administrators', may: 'FullControl', kind: 'Allow', inherited: true },
      { who: 'RIVERSIDE\\guest\n\u001b[31m', may: 'SetValue, CreateSubKey', kind: 'Deny', inherited: false },
    ]
    const [owner, first, second = ''] = parseAccess(
      `\uFEFF${JSON.stringify({ owner: 'NT AUTHORITY\\SYSTEM', entries })}`,
    )
    expect([owner, first]).toEqual([
      'Owner: NT AUTHORITY\\SYSTEM',
      'BUILTIN\\Administrators may: FullControl (inherited)',
    ])
    expect(second).toMatch(/^RIVERSIDE\\guest.*may not: SetValue, CreateSubKey$/)
    for (const control of ['\n', '\u001b']) expect(second).not.toContain(control)
  })

  it('isn’t loaded elsewhere: a device without Windows and without a Wine prefix has none', async () => {
    expect(await openRegistry(undefined, systemClock)).toBeUndefined()
  })
})

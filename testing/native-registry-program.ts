import { writeFileSync } from 'node:fs'
import { RegistryEditor } from '../agent/helper/registry/edits/editor.ts'
import { Journal } from '../agent/helper/registry/edits/journal.ts'
import { sectionOf } from '../agent/helper/registry/edits/steps.ts'
import { PutBytes } from '../agent/helper/registry/put.ts'
import { encodeRegFile, writeRegFile } from '../agent/helper/registry/reg-file/write.ts'
import { NativeRegistry } from '../agent/helper/registry/windows/native-registry.ts'
import { systemClock } from '../agent/links/clock.ts'

/** What `native-registry.test.ts` has Node for Windows do; the result goes into a file. */
export interface NativeRegistryRun {
  readonly read: readonly (readonly [name: string, type: number, hex: string])[]
  readonly subkeys: readonly string[]
  readonly changed: boolean
  readonly restored: boolean
  readonly rights: readonly string[]
  readonly refused: string
  readonly absent: boolean
}

const BASE = 'HKEY_CURRENT_USER\\Software\\Handhold native'
const [, , wishes = '[]', journalPath = '', resultPath = ''] = process.argv
const values = JSON.parse(wishes) as [name: string, type: number, hex: string][]

async function main(): Promise<NativeRegistryRun> {
  const registry = new NativeRegistry(await import('native-reg'))
  const put = new PutBytes()
  const editor = new RegistryEditor({ registry, journal: new Journal(journalPath), clock: systemClock, put })
  const edit = async (made: Parameters<RegistryEditor['edit']>[0]) =>
    (await editor.edit(made, 'Ada', () => Promise.resolve())) ?? 0
  const exported = async () => {
    const sections = []
    for await (const key of registry.walk(BASE)) {
      const section = sectionOf(key)
      sections.push({ ...section, values: section.values.toSorted((a, b) => (a.name < b.name ? -1 : 1)) })
    }
    return writeRegFile(sections)
  }
  const data = (type: number, hex: string) => ({ type, base64: Buffer.from(hex, 'hex').toString('base64') })

  await edit({ do: 'make', path: BASE })
  for (const [name, type, hex] of values) await edit({ do: 'set', path: BASE, name, data: data(type, hex) })
  await edit({ do: 'make', path: `${BASE}\\Tree` })
  await edit({ do: 'set', path: `${BASE}\\Tree`, name: 'leaf', data: data(3, '00ff') })
  const key = await registry.readKey(BASE)
  const before = await exported()
  put.add(
    0,
    encodeRegFile(
      writeRegFile([
        {
          path: `${BASE}\\A\\B`,
          isDeleted: false,
          values: [{ name: 'new', data: { type: 4, bytes: Uint8Array.of(1, 2, 3, 4) } }],
        },
        { path: `${BASE}\\Tree`, isDeleted: true, values: [] },
      ]),
    ),
  )
  const [[first = ''] = []] = values
  const made = [
    await edit({ do: 'import' }),
    await edit({ do: 'set', path: BASE, name: first, data: data(4, '01000000') }),
    await edit({ do: 'rename', path: `${BASE}\\A`, to: 'Renamed' }),
    await edit({ do: 'delete', path: `${BASE}\\Renamed` }),
  ]
  const changed = (await exported()) !== before
  for (const number of made.toReversed()) await edit({ do: 'undo', edit: number })
  const refused = await edit({ do: 'undo', edit: made[0] ?? 0 }).catch((thrown: { code: string }) => thrown.code)
  return {
    read: key?.values.map(({ name, type, bytes }) => [name, type, Buffer.from(bytes).toString('hex')] as const) ?? [],
    subkeys: key?.subkeys ?? [],
    changed,
    restored: (await exported()) === before,
    rights: (await registry.access(BASE)).rights,
    refused: String(refused),
    absent: (await registry.readKey(`${BASE}\\Nowhere`)) === undefined,
  }
}

main().then(
  result => writeFileSync(resultPath, JSON.stringify(result)),
  thrown => {
    console.error(thrown)
    process.exitCode = 1
  },
)

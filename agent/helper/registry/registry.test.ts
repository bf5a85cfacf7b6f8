import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RegistryAnswer, RegistryEdit, RegistryQuery } from '#protocol/tools/registry.ts'
import { utf16, VALUE_TYPES, writeContent } from '#protocol/tools/registry-values.ts'
import { HelperRig } from '#testing/helper-rig.ts'
import { hasWine, WinePrefix } from '#testing/wine-prefix.ts'
import { encodeRegFile, writeRegFile } from './reg-file/write.ts'

const isRoot = process.getuid?.() === 0
const NOBODY = { uid: 65_534, gid: 65_534 }
const BASE = 'HKEY_CURRENT_USER\\Software\\Handhold'
type Of<K extends RegistryAnswer['of']> = Extract<RegistryAnswer, { of: K }>

let wine: WinePrefix
let rig: HelperRig
let requests = 0

// Where a helper of root's is at work, the prefix is somebody else's: what Wine does there, it does as them.
beforeAll(async () => {
  if (hasWine) wine = await WinePrefix.make(isRoot ? NOBODY : undefined)
}, 120_000)
afterAll(() => wine?.close())
beforeEach(async () => {
  if (!hasWine) return
  await wine.reg('add', BASE, '/f')
  rig = await HelperRig.start({ wine: { prefix: wine.prefix, program: wine.program } })
  await rig.unlock('registry')
})
afterEach(async () => {
  await rig?.close()
  if (hasWine) await wine.reg('delete', BASE, '/f')
})

async function ask<K extends RegistryAnswer['of']>(query: RegistryQuery): Promise<Of<K> & { next: number | null }> {
  const request = ++requests
  rig.send({ type: 'list', tool: 'registry', request, list: 'registry', query })
  const reply = await Promise.race([
    rig.message('part', said => said.request === request),
    rig.message('refused', said => said.request === request),
  ])
  if (reply.type === 'refused') throw Object.assign(new Error(reply.message), { code: reply.code })
  return { ...(reply.registry as Of<K>), next: reply.next }
}

/** Resolves with the number in the journal; rejects with the refusal. */
async function edit(made: RegistryEdit): Promise<number> {
  const request = ++requests
  rig.send({ type: 'act', tool: 'registry', request, action: { verb: 'registry', edit: made } })
  const reply = await Promise.race([
    rig.message('done', said => said.request === request),
    rig.message('refused', said => said.request === request),
  ])
  if (reply.type === 'refused') throw Object.assign(new Error(reply.message), { code: reply.code })
  return Number(reply.text)
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const set = (name: string, type: number, bytes: Uint8Array, path = BASE) =>
  edit({ do: 'set', path, name, data: { type, base64: base64(bytes) } })

async function put(bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length; offset += 9_000)
    await edit({ do: 'put', offset, base64: base64(bytes.subarray(offset, offset + 9_000)) })
}

/** By Wine's own `reg.exe`. */
async function imported(keys: Parameters<typeof writeRegFile>[0]): Promise<void> {
  const file = join(wine.prefix, 'imported.reg')
  await writeFile(file, encodeRegFile(writeRegFile(keys)))
  await wine.reg('import', `\\\\?\\unix${file.replaceAll('/', '\\')}`)
}

const text = (value: string) => utf16(`${value}\0`)
const EVERY_TYPE: [name: string, type: number, bytes: Uint8Array, queried: string][] = [
  ['string', VALUE_TYPES.string, text('a "quoted" \\ text'), 'REG_SZ    a "quoted" \\ text'],
  ['empty', VALUE_TYPES.string, text(''), 'REG_SZ    '],
  ['expandable', VALUE_TYPES.expandable, text('%SystemRoot%\\x'), 'REG_EXPAND_SZ    %SystemRoot%\\x'],
  ['multi', VALUE_TYPES.multi, writeContent(7, { kind: 'lines', lines: ['one', 'two'] }), 'REG_MULTI_SZ    one\\0two'],
  ['no lines', VALUE_TYPES.multi, writeContent(7, { kind: 'lines', lines: [] }), 'REG_MULTI_SZ    '],
  ['dword', VALUE_TYPES.dword, Uint8Array.of(0xef, 0xbe, 0xad, 0xde), 'REG_DWORD    0xdeadbeef'],
  ['qword', VALUE_TYPES.qword, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 'REG_QWORD'],
  ['binary', VALUE_TYPES.binary, Uint8Array.from({ length: 300 }, (_, index) => index), 'REG_BINARY    000102'],
  ['nothing', VALUE_TYPES.binary, new Uint8Array(0), 'REG_BINARY'],
  ['none', VALUE_TYPES.none, Uint8Array.of(1, 2), 'REG_NONE    0102'],
  ['big-endian', VALUE_TYPES['dword-big-endian'], Uint8Array.of(0, 0, 1, 2), '0x'],
  ['link', VALUE_TYPES.link, utf16('\\Registry\\X'), ''],
  ['resources', 8, Uint8Array.of(9), ''],
  ['of no known type', 0x1234, Uint8Array.of(7, 7, 7), ''],
  ['', VALUE_TYPES.string, text('the default'), 'REG_SZ    the default'],
  ['a "name" \\ of ünïcode', VALUE_TYPES.string, text('grüße 漢字'), ''],
]

describe.runIf(hasWine)('the registry of a Wine prefix', () => {
  it('keeps values of every type byte for byte, as its own reg.exe sees them', { timeout: 120_000 }, async () => {
    for (const [name, type, bytes] of EVERY_TYPE) await set(name, type, bytes)
    const queried = await wine.reg('query', BASE)
    for (const [, , , expected] of EVERY_TYPE) expect(queried).toContain(expected)
    for (const [name, type, bytes] of EVERY_TYPE) {
      const value = await ask<'value'>({ ask: 'value', path: BASE, name, offset: 0 })
      expect([name, value.type, value.base64]).toEqual([name, type, base64(bytes)])
    }
    // What reg.exe imports is what was here: its own file, ours, and what it writes of ours.
    const before = await wine.exported(BASE)
    let exported = ''
    for (let next: number | null = 0; next !== null; ) {
      const query: RegistryQuery = next === 0 ? { ask: 'export', path: BASE } : { ask: 'exported', offset: next }
      const part: Of<'text'> & { next: number | null } = await ask<'text'>(query)
      exported += part.text
      next = part.next
    }
    await edit({ do: 'delete', path: BASE })
    await put(encodeRegFile(exported))
    await edit({ do: 'import' })
    expect((await wine.exported(BASE)).equals(before)).toBe(true)
  })

  it('shows what reg.exe wrote', async () => {
    await wine.reg('add', BASE, '/v', 'm', '/t', 'REG_MULTI_SZ', '/d', 'a\\0b', '/f')
    await wine.reg('add', `${BASE}\\Sub key`, '/v', 'q', '/t', 'REG_DWORD', '/d', '4294967295', '/f')
    expect(await ask<'values'>({ ask: 'values', path: BASE, offset: 0, filter: '' })).toMatchObject({
      total: 2,
      values: [{ name: '' }, { name: 'm', type: 7, preview: 'a · b', isCut: false }],
    })
    expect(await ask<'keys'>({ ask: 'keys', path: BASE, offset: 0 })).toMatchObject({ keys: ['Sub key'], total: 1 })
    const value = await ask<'value'>({ ask: 'value', path: `${BASE}\\sub KEY`, name: 'Q', offset: 0 })
    expect(value).toMatchObject({ type: 4, base64: base64(new Uint8Array(4).fill(255)) })
    expect((await ask<'keys'>({ ask: 'keys', path: null, offset: 0 })).keys).toContain('HKEY_LOCAL_MACHINE')
    await expect(ask({ ask: 'values', path: `${BASE}\\Gone`, offset: 0, filter: '' })).rejects.toMatchObject({
      code: 'not-found',
    })
    const found = await ask<'found'>({ ask: 'search', path: BASE, text: 'sub', in: ['keys', 'names', 'data'] })
    expect(found).toMatchObject({ isDone: true, hits: [{ path: `${BASE}\\Sub key`, name: null }] })
    expect(await ask<'access'>({ ask: 'access', path: BASE })).toMatchObject({
      access: { rights: ['read', 'set-values', 'make-keys', 'delete'] },
    })
  })

  it('is byte for byte what it was once every edit is undone', { timeout: 180_000 }, async () => {
    await imported([
      {
        path: BASE,
        isDeleted: false,
        values: EVERY_TYPE.map(([name, type, bytes]) => ({ name, data: { type, bytes } })),
      },
      { path: `${BASE}\\Tree`, isDeleted: false, values: [{ name: 'kept', data: { type: 1, bytes: text('x') } }] },
      {
        path: `${BASE}\\Tree\\Deep ]`,
        isDeleted: false,
        values: [{ name: 'deep', data: { type: 3, bytes: Uint8Array.of(1) } }],
      },
    ])
    const before = await wine.exported(BASE)
    const made: number[] = []
    made.push(await set('string', 4, Uint8Array.of(1, 0, 0, 0)))
    made.push(await edit({ do: 'unset', path: BASE, name: 'multi' }))
    made.push(await edit({ do: 'rename-value', path: BASE, name: 'binary', to: 'Binary 2' }))
    made.push(await edit({ do: 'rename', path: `${BASE}\\Tree`, to: 'Forest' }))
    made.push(await edit({ do: 'make', path: `${BASE}\\New` }))
    await put(
      encodeRegFile(
        writeRegFile([
          { path: `${BASE}\\Forest\\Deep ]`, isDeleted: true, values: [] },
          { path: `${BASE}\\A\\B\\C`, isDeleted: false, values: [{ name: 'v', data: { type: 1, bytes: text('v') } }] },
          {
            path: `${BASE}\\A`,
            isDeleted: false,
            values: [{ name: '', data: { type: 4, bytes: Uint8Array.of(1, 2, 3, 4) } }],
          },
          { path: BASE, isDeleted: false, values: [{ name: 'dword', data: null }] },
        ]),
      ),
    )
    made.push(await edit({ do: 'import' }))
    made.push(await edit({ do: 'delete', path: `${BASE}\\Forest` }))
    expect((await wine.exported(BASE)).equals(before)).toBe(false)
    const { rows } = await ask<'journal'>({ ask: 'journal', offset: 0 })
    expect(rows.slice(0, made.length).map(row => row.edit)).toEqual(made.toReversed())
    expect(rows[0]).toMatchObject({ verb: 'registry-delete-key', operator: 'Ada Admin <ada@example.org>' })
    const shown = await ask<'text'>({ ask: 'edit', edit: made[0] ?? 0, offset: 0 })
    expect(shown.text).toMatch(/; before\n.*\n"string"="a .*\n\n; after\n.*\n"string"=dword:00000001/)
    for (const number of made.toReversed()) await edit({ do: 'undo', edit: number })
    expect((await wine.exported(BASE)).equals(before)).toBe(true)
    // What was undone can be undone: it is done again.
    await expect(edit({ do: 'undo', edit: made[0] ?? 0 })).rejects.toMatchObject({ code: 'registry-changed' })
    expect(rig.reports.filter(report => report.what === 'act').map(({ verb }) => verb)).toContain('registry-undo')
  })

  it('is left alone by an undo of what somebody changed meanwhile, and by an edit that isn’t in the audit', {
    timeout: 60_000,
  }, async () => {
    const first = await set('a', 1, text('one'))
    await wine.reg('add', BASE, '/v', 'a', '/d', 'theirs', '/f')
    await expect(edit({ do: 'undo', edit: first })).rejects.toMatchObject({ code: 'registry-changed' })
    rig.keepsReports = false
    const before = await wine.exported(BASE)
    await expect(set('a', 1, text('two'))).rejects.toMatchObject({ code: 'audit-unavailable' })
    await expect(edit({ do: 'delete', path: BASE })).rejects.toMatchObject({ code: 'audit-unavailable' })
    await expect(ask({ ask: 'export', path: BASE })).rejects.toMatchObject({ code: 'audit-unavailable' })
    expect((await wine.exported(BASE)).equals(before)).toBe(true)
    const { rows } = await ask<'journal'>({ ask: 'journal', offset: 0 })
    expect(rows.map(({ edit: number }) => number)).toEqual([first])
  })

  it('has the journal with before and after on the device, in a file of the session', async () => {
    await set('a', 1, text('one'))
    await set('a', 1, text('two'))
    const files = (await readdir(rig.recordingsDir)).filter(name => name.startsWith('registry-'))
    expect(files).toEqual([`registry-${rig.claims.sid}.jsonl`])
    const lines = (await readFile(join(rig.recordingsDir, files[0] ?? ''), 'utf8')).trim().split('\n')
    const data = (value: string) => ({ type: 1, bytes: base64(text(value)) })
    expect(lines.map(line => JSON.parse(line))).toMatchObject([
      { edit: 1, steps: [{ before: null, after: data('one') }] },
      { edit: 2, steps: [{ before: data('one'), after: data('two') }] },
    ])
  })

  it('pages 100,000 values and finds one of them', { timeout: 90_000 }, async () => {
    const count = 100_000
    const values = Array.from({ length: count }, (_, index) => ({
      name: `value ${String(index).padStart(6, '0')}`,
      data: { type: 4, bytes: Uint8Array.of(index, index >> 8, index >> 16, 0) },
    }))
    await imported([{ path: `${BASE}\\Many`, isDeleted: false, values }])
    const path = `${BASE}\\Many`
    const first = await ask<'values'>({ ask: 'values', path, offset: 0, filter: '' })
    expect([first.total, first.values[0]?.name]).toEqual([count, 'value 000000'])
    const last = await ask<'values'>({ ask: 'values', path, offset: count - 30, filter: '' })
    expect([last.values.at(-1)?.name, last.next]).toEqual(['value 099999', null])
    const some = await ask<'values'>({ ask: 'values', path, offset: 0, filter: '99999' })
    expect(some).toMatchObject({ total: 1, values: [{ preview: '99999 (0x0001869f)' }] })
    const found: string[] = []
    let part = await ask<'found'>({ ask: 'search', path: BASE, text: '77777', in: ['data'] })
    for (; ; part = await ask<'found'>({ ask: 'search-on' })) {
      found.push(...part.hits.map(({ name }) => name ?? ''))
      if (part.isDone) break
    }
    expect(found).toEqual(['value 077777'])
  })

  it('A83 takes names and values as data, whatever stands in them', async () => {
    const evil = [
      '; rm -rf /',
      '$(id)',
      '`id`',
      '%COMSPEC%',
      '/y',
      '-EncodedCommand',
      '"',
      '" /y "',
      "'",
      'PROGRA~1',
      '@',
      '=',
    ]
    // In a file, and one by one where reg.exe has them as arguments.
    const sections = evil.slice(3).map(name => ({
      path: `${BASE}\\${name}`,
      isDeleted: false,
      values: [{ name, data: { type: 1, bytes: text(name) } }],
    }))
    await put(encodeRegFile(writeRegFile(sections)))
    await edit({ do: 'import' })
    for (const name of evil.slice(0, 3)) {
      await edit({ do: 'make', path: `${BASE}\\${name}` })
      await set(name, 1, text(name), `${BASE}\\${name}`)
    }
    await set('two\r\nlines', 1, text('[HKEY_LOCAL_MACHINE\\Evil]\r\n"a"="b"'))
    expect((await ask<'keys'>({ ask: 'keys', path: BASE, offset: 0 })).keys.toSorted()).toEqual(evil.toSorted())
    for (const name of evil) {
      const value = await ask<'value'>({ ask: 'value', path: `${BASE}\\${name}`, name, offset: 0 })
      expect(value.base64).toBe(base64(text(name)))
    }
    await expect(wine.reg('query', 'HKEY_LOCAL_MACHINE\\Evil')).rejects.toThrow()
    const acts = rig.reports.length
    const paths = [
      'HKCU\\x',
      '\\\\server\\HKLM\\x',
      `${BASE}\\`,
      `${BASE}\\a\\\\b`,
      `${BASE}\\a\nb`,
      `${BASE}\\a\0b`,
      '/etc',
      '..\\x',
    ]
    for (const path of paths)
      rig.send({ type: 'act', tool: 'registry', request: 1, action: { verb: 'registry', edit: { do: 'make', path } } })
    rig.send({
      type: 'act',
      tool: 'registry',
      request: 1,
      action: { verb: 'registry', edit: { do: 'make', path: BASE, args: ['/y'] } },
    })
    rig.send({ type: 'hello', tool: 'registry' })
    const wrong = () => rig.messages.filter(said => said.type === 'refused' && said.code === 'bad-frame').length
    await expect.poll(wrong).toBe(paths.length + 1)
    expect(rig.reports.slice(acts).every(({ what }) => what === 'refused')).toBe(true)
  })

  it('A80 A82 A89 refuses without a grant, with another tool’s, without a lease and while paused; nothing is edited', {
    timeout: 60_000,
  }, async () => {
    await set('a', 1, text('one'))
    const before = await wine.exported(BASE)
    const other = await HelperRig.start({ wine: { prefix: wine.prefix, program: wine.program } })
    try {
      await other.unlock('services')
      const action = { verb: 'registry', edit: { do: 'delete', path: BASE } }
      other.send({ type: 'act', tool: 'registry', request: 1, action })
      expect(await other.message('refused', said => said.request === 1)).toMatchObject({ code: 'tool-locked' })
      other.send({ type: 'act', tool: 'services', request: 2, action })
      expect(await other.message('refused', said => said.request === 2)).toMatchObject({ code: 'bad-request' })
    } finally {
      await other.close()
    }
    rig.setPaused(true)
    await expect(edit({ do: 'delete', path: BASE })).rejects.toMatchObject({ code: 'forbidden' })
    rig.setPaused(false)
    rig.dropLease()
    await expect(edit({ do: 'delete', path: BASE })).rejects.toMatchObject({ code: 'lease-stale' })
    expect((await wine.exported(BASE)).equals(before)).toBe(true)
  })

  it('refuses a file that it can’t read whole, and parts that don’t follow on each other', {
    timeout: 60_000,
  }, async () => {
    const before = await wine.exported(BASE)
    await put(Buffer.from(`Windows Registry Editor Version 5.00\r\n\r\n[${BASE}]\r\n"a"="b"\r\nnonsense\r\n`))
    await expect(edit({ do: 'import' })).rejects.toMatchObject({ code: 'registry-unreadable', message: /line 5/ })
    await put(encodeRegFile(writeRegFile([{ path: 'HKEY_CURRENT_USER', isDeleted: true, values: [] }])))
    await expect(edit({ do: 'import' })).rejects.toMatchObject({ code: 'registry-unreadable' })
    await expect(edit({ do: 'put', offset: 9, base64: 'AAAA' })).rejects.toMatchObject({ code: 'bad-request' })
    await expect(edit({ do: 'delete', path: 'HKEY_CURRENT_USER' })).rejects.toMatchObject({ code: 'bad-request' })
    expect((await wine.exported(BASE)).equals(before)).toBe(true)
  })
})

it('a device without a registry has no such tool', async () => {
  const plain = await HelperRig.start()
  try {
    await plain.unlock('registry')
    plain.send({
      type: 'list',
      tool: 'registry',
      request: 1,
      list: 'registry',
      query: { ask: 'keys', path: null, offset: 0 },
    })
    expect(await plain.message('refused', said => said.request === 1)).toMatchObject({ code: 'tool-unavailable' })
  } finally {
    await plain.close()
  }
})

import type {
  RegistryAnswer,
  RegistryEdit,
  RegistryHit,
  RegistryQuery,
  RegistryValueRow,
} from '#protocol/tools/registry.ts'
import { previewOf } from '#protocol/tools/registry-values.ts'
import type { AgentPeer } from './agent-peer.ts'

type Value = { readonly type: number; readonly bytes: Uint8Array }
const text = (value: string): Uint8Array => Uint8Array.from(Buffer.from(`${value}\0`, 'utf16le'))
const PAGE = 60
export const EXPORTED =
  'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Software\\Example]\r\n"Count"=dword:0000002a\r\n'

/** A device's registry as the window sees it: a few keys, one of them with 100,000 values. */
export class FakeRegistry {
  readonly edits: RegistryEdit[] = []
  readonly asked: RegistryQuery[] = []
  readonly values: Map<string, Value>
  /** What the device says to the next edit instead of doing it. */
  refusal: { readonly code: string; readonly message: string } | undefined
  readonly #agent: AgentPeer
  readonly #undone = new Set<number>()
  #searched = ''
  readonly #answered = new Set<unknown>()
  readonly #keys: Readonly<Record<string, readonly string[]>> = {
    '': ['HKEY_CLASSES_ROOT', 'HKEY_CURRENT_USER', 'HKEY_LOCAL_MACHINE', 'HKEY_USERS'],
    HKEY_CURRENT_USER: ['Control Panel', 'Environment', 'Software'],
    'HKEY_CURRENT_USER\\Software': ['Example', 'Many values', 'Microsoft', 'Wine'],
  }
  readonly #example = new Map<string, Value>([
    ['', { type: 1, bytes: text('The default') }],
    ['Colours', { type: 7, bytes: text('red\0green\0') }],
    ['Count', { type: 4, bytes: Uint8Array.of(42, 0, 0, 0) }],
    ['Folder', { type: 2, bytes: text('%ProgramData%\\Example') }],
    ['Id', { type: 3, bytes: Uint8Array.from({ length: 40 }, (_, index) => index * 6) }],
    ['Name', { type: 1, bytes: text('Front desk') }],
    ['Total', { type: 11, bytes: Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0) }],
  ])

  constructor(agent: AgentPeer) {
    this.#agent = agent
    this.values = this.#example
    // A window that is closed asks nothing more.
    this.#serve().catch(() => undefined)
  }

  async #serve(): Promise<void> {
    for (;;) {
      const message = await this.#agent.waitFor(
        said => (said.type === 'list' || said.type === 'act') && said.tool === 'registry' && !this.#answered.has(said),
      )
      this.#answered.add(message)
      const { request } = message
      if (message.type === 'act') {
        this.#agent.sendTools(this.#edited((message.action as { edit: RegistryEdit }).edit, request))
      } else {
        this.asked.push(message.query as RegistryQuery)
        const [registry, next] = this.#answer(message.query as RegistryQuery)
        this.#agent.sendTools({ type: 'part', request, text: '', next, registry })
      }
    }
  }

  #edited(edit: RegistryEdit, request: unknown): object {
    this.edits.push(edit)
    const { refusal } = this
    this.refusal = undefined
    if (refusal) return { type: 'refused', tool: 'registry', request, ...refusal }
    if (edit.do === 'undo') this.#undone.add(edit.edit)
    return { type: 'done', request, text: '1' }
  }

  #answer(query: RegistryQuery): [RegistryAnswer, number | null] {
    switch (query.ask) {
      case 'keys': {
        const keys = [...(this.#keys[query.path ?? ''] ?? [])]
        return [{ of: 'keys', offset: 0, total: keys.length, keys }, null]
      }
      case 'values':
        return this.#page(query)
      case 'value': {
        const { type, bytes } = this.values.get(query.name) ?? { type: 1, bytes: text('') }
        return [{ of: 'value', type, size: bytes.length, base64: Buffer.from(bytes).toString('base64') }, null]
      }
      case 'access': {
        const rights = ['read', 'set-values', 'make-keys', 'delete'] as const
        return [
          {
            of: 'access',
            access: { user: 'SYSTEM', rights: [...rights], entries: ['Owner: BUILTIN\\Administrators'] },
          },
          null,
        ]
      }
      case 'journal': {
        const row = { atMs: 1_795_000_000_000, operator: 'Ada', undoes: null }
        const object = 'HKEY_CURRENT_USER\\Software\\Example'
        const rows = [
          { ...row, edit: 2, verb: 'registry-make-key', object: `${object}\\New` },
          { ...row, edit: 1, verb: 'registry-set', object: `${object} : Count` },
        ].map(made => ({ ...made, isUndone: this.#undone.has(made.edit) }))
        return [{ of: 'journal', total: rows.length, rows }, null]
      }
      case 'edit':
        return [{ of: 'text', text: '; before\n"Count"=dword:0000002a\n\n; after\n"Count"=dword:000000ff\n' }, null]
      case 'export':
        return [{ of: 'text', text: EXPORTED.slice(0, 40) }, 40]
      case 'exported':
        return [{ of: 'text', text: EXPORTED.slice(query.offset) }, null]
      case 'search':
        this.#searched = query.text
        return this.#found([{ path: `${query.path}\\Example`, name: null, preview: '' }], false)
      case 'search-on': {
        const hit = { path: 'HKEY_CURRENT_USER\\Software\\Wine', name: 'Name', preview: 'Example' }
        return this.#found([hit], true)
      }
      default:
        return [{ of: 'text', text: '' }, null]
    }
  }

  #found(hits: RegistryHit[], isDone: boolean): [RegistryAnswer, number | null] {
    const found = this.#searched === 'nowhere' ? [] : hits
    return [{ of: 'found', hits: found, at: 'HKEY_CURRENT_USER\\Software\\Wine', isDone }, null]
  }

  #page({ path, offset }: Extract<RegistryQuery, { ask: 'values' }>): [RegistryAnswer, number | null] {
    const isMany = path.endsWith('Many values')
    const total = isMany ? 100_000 : path.endsWith('Example') ? this.values.size : 0
    const names = isMany ? [] : [...this.values.keys()]
    const values = Array.from({ length: Math.max(0, Math.min(PAGE, total - offset)) }, (_, at): RegistryValueRow => {
      const name = isMany ? `Value ${String(offset + at).padStart(6, '0')}` : (names[offset + at] ?? '')
      const { type, bytes } = this.values.get(name) ?? { type: 1, bytes: text(`text of ${offset + at}`) }
      return { name, isCut: false, type, size: bytes.length, preview: previewOf(type, bytes) }
    })
    const end = offset + values.length
    return [{ of: 'values', offset, total, values }, end < total ? end : null]
  }
}

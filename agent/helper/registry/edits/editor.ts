import { HandholdError } from '#protocol/errors.ts'
import { toDisplayLine } from '#protocol/text.ts'
import type { RegistryEdit } from '#protocol/tools/registry.ts'
import type { Clock } from '../../../links/clock.ts'
import { writeRegFile } from '../reg-file/write.ts'
import type { Registry, Step } from '../registry.ts'
import type { Journal } from './journal.ts'
import { type PlannedEdit, type Put, planEdit } from './plan.ts'
import { RegistryState } from './state.ts'
import { reversed, sectionsOf } from './steps.ts'

export interface EditorParts {
  readonly registry: Registry
  readonly journal: Journal
  readonly clock: Clock
  readonly put: Put
}

/** What an edit is called in the audit and in the journal. */
export interface EditWords {
  readonly verb: string
  readonly object: string
}

const VERBS: Readonly<Record<PlannedEdit['do'], string>> = {
  set: 'registry-set',
  unset: 'registry-unset',
  'rename-value': 'registry-rename-value',
  make: 'registry-make-key',
  rename: 'registry-rename-key',
  delete: 'registry-delete-key',
  import: 'registry-import',
}

/**
 * Edits a registry, one edit at a time: what is there is read, what will be done is reported, before and after are on the disk, then it is done and read again.
 * What didn't come out as it was meant is taken back.
 */
export class RegistryEditor {
  readonly #parts: EditorParts
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: EditorParts) {
    this.#parts = parts
  }

  /** Resolves with the edit's number in the journal; null where there was nothing to change. Rejects without having changed anything. */
  edit(
    edit: Exclude<RegistryEdit, { do: 'put' }>,
    operator: string,
    report: (words: EditWords) => Promise<void>,
  ): Promise<number | null> {
    const turn = this.#last.then(async () => {
      this.#parts.registry.refresh()
      await this.#parts.journal.open()
      const { steps, undoes, words } = edit.do === 'undo' ? await this.#planUndo(edit.edit) : await this.#plan(edit)
      if (steps.length === 0) return null
      await report(words)
      return this.#do(steps, { ...words, operator, undoes })
    })
    this.#last = turn.catch(() => undefined)
    return turn
  }

  /** What an edit replaced and what it put there, as two `.reg` files. */
  async text(edit: number): Promise<string> {
    await this.#parts.journal.open()
    const { steps } = await this.#parts.journal.entry(edit)
    const body = (made: readonly Step[]) => writeRegFile(sectionsOf(made)).split('\r\n').slice(2).join('\n').trim()
    return `; before\n${body(reversed(steps))}\n\n; after\n${body(steps)}\n`
  }

  async #plan(edit: PlannedEdit) {
    const { registry, put } = this.#parts
    const steps = await planEdit(registry, edit, put)
    return { steps, undoes: null, words: { verb: VERBS[edit.do], object: objectOf(edit, steps) } }
  }

  async #planUndo(edit: number) {
    const { journal, registry } = this.#parts
    const entry = await journal.entry(edit)
    if (journal.isUndone(edit)) throw new HandholdError('registry-changed', 'This edit is undone already.')
    const steps = reversed(entry.steps)
    await simulate(registry, steps)
    return { steps, undoes: edit, words: { verb: 'registry-undo', object: toDisplayLine(entry.object, 200) } }
  }

  async #do(
    steps: readonly Step[],
    { verb, object, operator, undoes }: EditWords & { operator: string; undoes: number | null },
  ): Promise<number> {
    const { registry, journal, clock } = this.#parts
    const edit = await journal.add({ atMs: clock.wallMs(), operator, verb, object, undoes, steps })
    try {
      await registry.apply(steps)
      await simulate(registry, reversed(steps)).catch(cause => {
        throw new HandholdError(
          'registry-changed',
          'The registry didn’t keep it as it was meant, so it is as it was before.',
          { cause },
        )
      })
    } catch (thrown) {
      // What of it was done is taken back; where that fails too, the first reason is the one to know.
      await registry.apply(reversed(steps)).catch(() => undefined)
      await journal.failed(edit)
      throw thrown
    }
    return edit
  }
}

/** Whether the steps fit what is there now. Throws `registry-changed` where they don't. */
async function simulate(registry: Registry, steps: readonly Step[]): Promise<void> {
  const state = new RegistryState(registry)
  await state.loadFor(steps)
  for (const step of steps) state.apply(step)
}

function objectOf(edit: PlannedEdit, steps: readonly Step[]): string {
  switch (edit.do) {
    case 'set':
    case 'unset':
      return objectText(edit.path, edit.name)
    case 'rename-value':
      return objectText(edit.path, `${edit.name} → ${edit.to}`)
    case 'rename':
      return objectText(edit.path, `→ ${edit.to}`)
    case 'make':
    case 'delete':
      return objectText(edit.path, null)
    case 'import': {
      const [first] = sectionsOf(steps)
      return objectText(first?.path ?? '', `${steps.length} changes`)
    }
  }
}

/** One honest line: of a long path its beginning and its end. */
function objectText(path: string, what: string | null): string {
  const short = path.length > 120 ? `${path.slice(0, 50)}…${path.slice(-69)}` : path
  return toDisplayLine(what === null ? short : `${short} : ${what === '' ? '(default)' : what}`, 200)
}

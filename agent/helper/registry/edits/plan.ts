import { HandholdError } from '#protocol/errors.ts'
import {
  isRegistryPath,
  parentOf,
  type RegistryEdit,
  sameName,
  VALUE_DATA_MAX_BYTES,
} from '#protocol/tools/registry.ts'
import { parseRegFile, type RegSection } from '../reg-file/parse.ts'
import { decodeRegFile } from '../reg-file/write.ts'
import type { Branch, Registry, Step, ValueData } from '../registry.ts'
import { RegistryState } from './state.ts'
import { movedTo, sameData } from './steps.ts'

const SECTIONS_MAX = 20_000

/** What was put before, taken once. */
export interface Put {
  take(): Uint8Array
}

export type PlannedEdit = Exclude<RegistryEdit, { do: 'put' | 'undo' }>

/** The steps of an edit, with what is there before. Nothing is changed. Rejects with `not-found`, `name-taken` or `bad-request`. */
export async function planEdit(registry: Registry, edit: PlannedEdit, put: Put): Promise<Step[]> {
  const state = new RegistryState(registry)
  switch (edit.do) {
    case 'set': {
      const data = 'isPut' in edit.data ? { type: edit.data.type, bytes: put.take() } : fromBase64(edit.data)
      if (data.bytes.length > VALUE_DATA_MAX_BYTES) throw tooLarge()
      return [await valueStep(state, edit.path, edit.name, data)]
    }
    case 'unset':
      return [await valueStep(state, edit.path, edit.name, null)]
    case 'rename-value':
      return renameValue(state, edit)
    case 'make':
      await state.load(edit.path)
      if (state.has(edit.path) !== undefined) throw taken('key')
      if (state.has(parentOf(edit.path) ?? '') === undefined) throw noKey()
      return [{ do: 'make', branch: [{ path: edit.path, values: [], subkeys: [] }] }]
    case 'rename':
      return renameKey(state, edit.path, `${requireParent(edit.path)}\\${edit.to}`)
    case 'delete':
      requireParent(edit.path)
      return [{ do: 'delete', branch: await requireBranch(state, edit.path) }]
    case 'import':
      return planImport(state, put.take())
  }
}

const tooLarge = (): HandholdError =>
  new HandholdError('registry-too-large', 'A value can have 1 MiB at most. Put what is larger into a file.')

async function valueStep(state: RegistryState, path: string, name: string, after: ValueData | null): Promise<Step> {
  await state.load(path)
  const present = state.has(path)
  if (present === undefined) throw noKey()
  const before = state.value(path, name)
  if (!after && !before) throw new HandholdError('not-found', 'There is no such value any more.')
  return { do: 'value', path: present, name: before?.name ?? name, before: before ? dataOf(before) : null, after }
}

async function renameValue(
  state: RegistryState,
  { path, name, to }: Extract<RegistryEdit, { do: 'rename-value' }>,
): Promise<Step[]> {
  const gone = await valueStep(state, path, name, null)
  if (!sameName(name, to) && state.value(path, to)) throw taken('value')
  if (gone.do !== 'value') return []
  return [gone, { do: 'value', path: gone.path, name: to, before: null, after: gone.before }]
}

async function renameKey(state: RegistryState, path: string, to: string): Promise<Step[]> {
  const branch = await requireBranch(state, path)
  await state.load(to)
  if (!sameName(path, to) && state.has(to) !== undefined) throw taken('key')
  const make: Step = { do: 'make', branch: movedTo(branch, to) }
  const remove: Step = { do: 'delete', branch }
  // The new one first, so that there is always one; where only the case changes there is room for one.
  return sameName(path, to) ? [remove, make] : [make, remove]
}

async function planImport(state: RegistryState, bytes: Uint8Array): Promise<Step[]> {
  const { sections, problems } = parseRegFile(decodeRegFile(bytes))
  const [problem] = problems
  if (problem) throw refusedFile(`line ${problem.line}: ${problem.what}`)
  if (sections.length === 0) throw refusedFile('it has no key')
  if (sections.length > SECTIONS_MAX) throw refusedFile(`it has more than ${SECTIONS_MAX} keys`)
  const known = sections.map(withFullRoot)
  for (const { path, isDeleted } of known.toSorted((a, b) => a.path.length - b.path.length)) {
    if (isDeleted && parentOf(path) === null) throw refusedFile('it deletes a whole root')
    await (isDeleted ? state.loadBranch(path) : state.load(path))
  }
  return known.flatMap(section => importSection(state, section))
}

/** Each step is done in memory at once: what the file says later is about what it said before. */
function importSection(state: RegistryState, { path, isDeleted, values }: RegSection): Step[] {
  const steps: Step[] = []
  const take = (step: Step) => {
    state.apply(step)
    steps.push(step)
  }
  if (isDeleted) {
    const branch = state.branch(path)
    if (branch) take({ do: 'delete', branch })
    return steps
  }
  const made = missingBranch(state, path)
  if (made) take({ do: 'make', branch: made })
  const present = state.has(path) ?? path
  for (const { name, data } of values) {
    const before = state.value(path, name)
    if (sameData(before ?? null, data)) continue
    take({
      do: 'value',
      path: present,
      name: before?.name ?? name,
      before: before ? dataOf(before) : null,
      after: data,
    })
  }
  return steps
}

/** The topmost key that isn't there, and those from it to `path`. */
function missingBranch(state: RegistryState, path: string): Branch | undefined {
  const missing: string[] = []
  for (let at: string | null = path; at !== null && state.has(at) === undefined; at = parentOf(at)) missing.unshift(at)
  const keys = missing.map((at, index) => ({
    path: at,
    values: [],
    subkeys: missing.slice(index + 1, index + 2).map(next => next.slice(at.length + 1)),
  }))
  return keys.length === 0 ? undefined : (keys as unknown as Branch)
}

function withFullRoot(section: RegSection): RegSection {
  const [root = '', ...names] = section.path.split('\\')
  const path = [root.toUpperCase(), ...names].join('\\')
  if (!isRegistryPath(path))
    throw refusedFile(`it names ${JSON.stringify(section.path.slice(0, 120))}, which is no key`)
  return { ...section, path }
}

async function requireBranch(state: RegistryState, path: string): Promise<Branch> {
  await state.loadBranch(path)
  const branch = state.branch(path)
  if (!branch) throw noKey()
  return branch
}

function requireParent(path: string): string {
  const parent = parentOf(path)
  if (parent === null) throw new HandholdError('bad-request', 'A root of the registry stays what it is.')
  return parent
}

const dataOf = ({ type, bytes }: ValueData): ValueData => ({ type, bytes })
const fromBase64 = ({ type, base64 }: { type: number; base64: string }): ValueData => ({
  type,
  bytes: Uint8Array.from(Buffer.from(base64, 'base64')),
})
const noKey = () => new HandholdError('not-found', 'There is no such key any more.')
const taken = (what: string) => new HandholdError('name-taken', `There is a ${what} of this name already.`)
const refusedFile = (why: string) =>
  new HandholdError('registry-unreadable', `The file can’t be imported: ${why}. Nothing was done.`)

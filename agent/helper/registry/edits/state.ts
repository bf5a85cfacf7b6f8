import { HandholdError } from '#protocol/errors.ts'
import { nameOf, parentOf } from '#protocol/tools/registry.ts'
import type { Branch, Registry, RegistryKey, RegistryValue, Step } from '../registry.ts'
import { sameData } from './steps.ts'

interface Node {
  readonly path: string
  readonly values: Map<string, RegistryValue>
  readonly subkeys: Map<string, string>
}

/**
 * The part of a registry that steps touch, read once and then changed in memory: what steps would do is known before one of them is done, and a step
 * whose `before` isn't what is there is refused.
 */
export class RegistryState {
  readonly #registry: Pick<Registry, 'readKey' | 'readBranch'>
  /** By path in small letters; null: there is none. */
  readonly #nodes = new Map<string, Node | null>()
  readonly #whole = new Set<string>()

  constructor(registry: Pick<Registry, 'readKey' | 'readBranch'>) {
    this.#registry = registry
  }

  /** Reads a key, and where there is none the nearest one above it. */
  async load(path: string): Promise<void> {
    for (let at: string | null = path; at !== null; at = parentOf(at)) {
      const id = at.toLowerCase()
      if (!this.#nodes.has(id)) {
        const key = this.#isBeneathNothing(at) ? undefined : await this.#registry.readKey(at)
        this.#nodes.set(id, key ? nodeOf(key) : null)
      }
      if (this.#nodes.get(id)) return
    }
  }

  /** Reads a key with all beneath it. */
  async loadBranch(path: string): Promise<void> {
    await this.load(path)
    const id = path.toLowerCase()
    if (this.#whole.has(id) || !this.#nodes.get(id)) return
    for (const key of (await this.#registry.readBranch(path)) ?? [])
      this.#nodes.set(key.path.toLowerCase(), nodeOf(key))
    this.#whole.add(id)
  }

  /** Reads what it takes to check and do these. */
  async loadFor(steps: readonly Step[]): Promise<void> {
    const pathOf = (step: Step) => (step.do === 'value' ? step.path : step.branch[0].path)
    // Short ones first: what isn't there has nothing beneath it, and needn't be asked for.
    for (const step of steps.toSorted((a, b) => pathOf(a).length - pathOf(b).length)) {
      if (step.do === 'delete') await this.loadBranch(pathOf(step))
      else await this.load(pathOf(step))
      const parent = step.do === 'make' ? parentOf(pathOf(step)) : null
      if (parent !== null) await this.load(parent)
    }
  }

  /** The path as the registry writes it; undefined where there is no such key. */
  has(path: string): string | undefined {
    return this.#nodes.get(path.toLowerCase())?.path
  }

  value(path: string, name: string): RegistryValue | undefined {
    return this.#nodes.get(path.toLowerCase())?.values.get(name.toLowerCase())
  }

  /** A branch that was loaded, or made by a step. */
  branch(path: string): Branch | undefined {
    const node = this.#nodes.get(path.toLowerCase())
    if (!node) return undefined
    const key: RegistryKey = { path: node.path, values: [...node.values.values()], subkeys: [...node.subkeys.values()] }
    const beneath = key.subkeys.flatMap(name => this.branch(`${node.path}\\${name}`) ?? [])
    return [key, ...beneath]
  }

  /** Throws `registry-changed` where the step doesn't fit what is there. */
  apply(step: Step): void {
    if (step.do === 'value') this.#setValue(step)
    else if (step.do === 'make') this.#make(step.branch)
    else this.#delete(step.branch)
  }

  #setValue({ path, name, before, after }: Extract<Step, { do: 'value' }>): void {
    const node = this.#nodes.get(path.toLowerCase())
    const id = name.toLowerCase()
    if (!node || !sameData(node.values.get(id) ?? null, before)) throw changed(path)
    if (after) node.values.set(id, { name, ...after })
    else node.values.delete(id)
  }

  #make(branch: Branch): void {
    const [{ path }] = branch
    const parent = parentOf(path)
    if (parent === null || this.has(path) !== undefined || !this.#nodes.get(parent.toLowerCase())) throw changed(path)
    for (const key of branch) this.#nodes.set(key.path.toLowerCase(), nodeOf(key))
    this.#nodes.get(parent.toLowerCase())?.subkeys.set(nameOf(path).toLowerCase(), nameOf(path))
  }

  #delete(branch: Branch): void {
    const [{ path }] = branch
    const present = this.branch(path)
    if (!present || !sameBranch(present, branch)) throw changed(path)
    for (const key of present) this.#nodes.set(key.path.toLowerCase(), null)
    this.#nodes.get((parentOf(path) ?? '').toLowerCase())?.subkeys.delete(nameOf(path).toLowerCase())
  }

  #isBeneathNothing(path: string): boolean {
    for (let at = parentOf(path); at !== null; at = parentOf(at))
      if (this.#nodes.get(at.toLowerCase()) === null) return true
    return false
  }
}

function nodeOf({ path, values, subkeys }: RegistryKey): Node {
  return {
    path,
    values: new Map(values.map(value => [value.name.toLowerCase(), value])),
    subkeys: new Map(subkeys.map(name => [name.toLowerCase(), name])),
  }
}

function sameBranch(a: Branch, b: Branch): boolean {
  if (a.length !== b.length) return false
  const others = new Map(b.map(key => [key.path.toLowerCase(), key]))
  return a.every(({ path, values }) => {
    const other = others.get(path.toLowerCase())
    if (other?.values.length !== values.length) return false
    const theirs = new Map(other.values.map(value => [value.name.toLowerCase(), value]))
    return values.every(value => sameData(value, theirs.get(value.name.toLowerCase()) ?? null))
  })
}

const changed = (path: string) =>
  new HandholdError(
    'registry-changed',
    `It isn’t what it was any more: ${path.slice(-200)}. Nothing was done. Look at it, and undo newer edits first.`,
  )

import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { processTree } from '../process-tree.ts'

/** What is shorter is found by chance. */
const FORM_MIN_LENGTH = 8

/** Knows each secret of a run and each place that somebody might look at, and says which secret is in which place. */
export class SecretSearch {
  readonly #secrets = new Map<string, Set<string>>()
  readonly #places = new Map<string, string>()

  /** `secrets` are one and the same, as it may be written. */
  know(name: string, ...secrets: readonly (string | Buffer)[]): void {
    const forms = this.#secrets.get(name) ?? new Set()
    for (const form of secrets.flatMap(formsOf)) {
      if (form.length < FORM_MIN_LENGTH) throw new Error(`${name} is too short to be looked for`)
      forms.add(form)
    }
    this.#secrets.set(name, forms)
  }

  /** The same place may be looked at more than once. */
  look(place: string, text: string | Buffer): void {
    this.#places.set(place, `${this.#places.get(place) ?? ''}\n${Buffer.from(text).toString('latin1')}`)
  }

  /** Every file below `folder`, by its path in it. */
  async lookInFiles(name: string, folder: string): Promise<void> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    for (const entry of entries) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      // One that has just gone is no place.
      const bytes = await readFile(path).catch(() => undefined)
      if (bytes) this.look(`${name}/${relative(folder, path)}`, bytes)
    }
  }

  /** Command line and environment of a program and of everything that came of it, which have a place of their own. */
  lookInProcesses(name: string, pid: number): void {
    for (const known of processTree(pid)) {
      const whose = known.pid === pid ? name : `a child of the ${name}`
      for (const fact of ['cmdline', 'environ']) this.look(`${fact} of ${whose}`, readProc(known.pid, fact))
    }
  }

  /** How much there was to look at. */
  get size(): number {
    return [...this.#places.values()].reduce((sum, text) => sum + text.length, 0)
  }

  /** Sorted: `SECRET: PLACE`. */
  findings(): string[] {
    return [...this.#secrets]
      .flatMap(([name, forms]) =>
        [...this.#places]
          .filter(([, text]) => [...forms].some(form => text.includes(form)))
          .map(([place]) => `${name}: ${place}`),
      )
      .sort()
  }
}

/** As it is, and as hexadecimal, base64 and part of an address. */
function formsOf(secret: string | Buffer): string[] {
  const bytes = Buffer.from(secret)
  // What follows it would change the last characters.
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3))
  const escaped =
    typeof secret === 'string' ? [encodeURIComponent(secret), encodeURIComponent(secret).replaceAll('%20', '+')] : []
  return [
    bytes.toString('latin1'),
    bytes.toString('hex'),
    whole.toString('base64'),
    whole.toString('base64url'),
    ...escaped,
  ]
}

function readProc(pid: number, fact: string): Buffer {
  try {
    return readFileSync(`/proc/${pid}/${fact}`)
  } catch {
    return Buffer.alloc(0)
  }
}

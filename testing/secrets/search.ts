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

  /** The names of what is looked for, sorted. */
  get known(): string[] {
    return [...this.#secrets.keys()].sort()
  }

  /** Sorted: `SECRET: PLACE`, and `KIND: PLACE` for each signed token, also one that nobody made known. */
  findings(): string[] {
    const places = [...this.#places]
    const known = [...this.#secrets].flatMap(([name, forms]) =>
      places.filter(([, text]) => [...forms].some(form => text.includes(form))).map(([place]) => `${name}: ${place}`),
    )
    const tokens = places.flatMap(([place, text]) => tokenKindsIn(text).map(kind => `${kind}: ${place}`))
    return [...new Set([...known, ...tokens])].sort()
  }
}

/** As it is, and as hexadecimal, base64, part of an address and part of a JSON text. */
function formsOf(secret: string | Buffer): string[] {
  const bytes = Buffer.from(secret)
  const hex = bytes.toString('hex')
  const encoded = [0, 1, 2].flatMap(before => [
    insideBase64(bytes, before),
    insideBase64(bytes, before).replaceAll('+', '-').replaceAll('/', '_'),
  ])
  const escaped =
    typeof secret === 'string'
      ? [
          encodeURIComponent(secret),
          encodeURIComponent(secret).replaceAll('%20', '+'),
          JSON.stringify(secret).slice(1, -1),
        ]
      : []
  return [bytes.toString('latin1'), hex, hex.toUpperCase(), ...encoded, ...escaped]
}

/** What base64 makes of the bytes wherever they stand in something longer: `before` bytes, beyond threes, come first. Characters that their neighbours change are left out. */
function insideBase64(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
}

/** Every signed token in a text, whoever made it, by its kind: passes, leases and grants call themselves `…+jwt`. What is signed to be kept does not. */
function tokenKindsIn(text: string): string[] {
  return [...text.matchAll(/\b(eyJ[\w-]+)\.[\w-]+\.[\w-]+/g)]
    .map(
      ([, header = '']) => /"typ":"([^"]+\+jwt)"/.exec(Buffer.from(header, 'base64url').toString('latin1'))?.[1] ?? '',
    )
    .filter(kind => kind !== '')
}

function readProc(pid: number, fact: string): Buffer {
  try {
    return readFileSync(`/proc/${pid}/${fact}`)
  } catch {
    return Buffer.alloc(0)
  }
}

import { useCallback, useEffect, useRef, useState } from 'react'
import type { Answer, RegistryClient } from '../../../../session/tools/registry-client.ts'
import { type Refusal, refusalOf } from '../../../../stores/refusal.ts'

/** The tree is drawn anew after so many parts of a long list, not after each. */
const DRAWN_EVERY = 12

export interface KeyRow {
  readonly path: string
  readonly name: string
  readonly depth: number
  readonly isOpen: boolean
  /** It was looked at and has none. */
  readonly isLeaf: boolean
}

export interface Keys {
  readonly rows: readonly KeyRow[]
  readonly isReading: boolean
  readonly refusal: Refusal | null
  open(path: string): void
  shut(path: string): void
  /** Opens everything above a key, so that it is in sight. */
  reveal(path: string): Promise<void>
  /** Reads a key's subkeys anew. */
  reload(path: string): Promise<void>
}

/** The keys that were opened, read from the device part by part. */
export function useKeys(client: RegistryClient): Keys {
  const known = useRef(new Map<string, readonly string[]>())
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [rows, setRows] = useState<readonly KeyRow[]>([])
  const [reading, setReading] = useState(0)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const shown = useRef(opened)
  shown.current = opened
  const draw = useCallback(() => setRows(rowsOf(known.current, shown.current)), [])

  const read = useCallback(
    async (path: string | null) => {
      setReading(count => count + 1)
      setRefusal(null)
      try {
        let names: string[] = []
        let parts = 0
        for (let offset: number | null = 0; offset !== null; ) {
          const part: Answer<'keys'> = await client.ask('keys', { ask: 'keys', path, offset })
          names = [...names, ...part.keys]
          offset = part.next
          known.current.set(path ?? '', names)
          if (parts++ % DRAWN_EVERY === 0) draw()
        }
      } catch (thrown) {
        setRefusal(refusalOf(thrown))
      }
      setReading(count => count - 1)
      draw()
    },
    [client, draw],
  )
  useEffect(() => void read(null), [read])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is open decides what is drawn
  useEffect(draw, [draw, opened])

  return {
    rows,
    isReading: reading > 0,
    refusal,
    open(path) {
      setOpened(before => new Set([...before, path]))
      if (!known.current.has(path)) void read(path)
    },
    shut: path => setOpened(before => new Set([...before].filter(other => other !== path))),
    async reveal(path) {
      const above = path.split('\\').map((_name, index, names) => names.slice(0, index).join('\\'))
      const missing = above.filter(at => at !== '')
      for (const at of missing) if (!known.current.has(at)) await read(at)
      setOpened(before => new Set([...before, ...missing]))
    },
    async reload(path) {
      for (const at of [...known.current.keys()]) if (at.startsWith(`${path}\\`)) known.current.delete(at)
      if (known.current.has(path)) await read(path)
      else draw()
    },
  }
}

function rowsOf(known: ReadonlyMap<string, readonly string[]>, opened: ReadonlySet<string>): KeyRow[] {
  const rows: KeyRow[] = []
  const add = (parent: string, depth: number) => {
    for (const name of known.get(parent) ?? []) {
      const path = parent === '' ? name : `${parent}\\${name}`
      const isOpen = opened.has(path)
      rows.push({ path, name, depth, isOpen, isLeaf: known.get(path)?.length === 0 })
      if (isOpen) add(path, depth + 1)
    }
  }
  add('', 0)
  return rows
}

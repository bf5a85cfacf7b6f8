import { useCallback, useEffect, useRef, useState } from 'react'
import type { RegistryAnswer, RegistryValueRow } from '#protocol/tools/registry.ts'
import type { RegistryClient } from '../../../../session/tools/registry-client.ts'
import { type Refusal, refusalOf } from '../../../../stores/refusal.ts'

const BLOCK = 50
/** Blocks that somebody scrolled past needn't be read any more. */
const WAITING_MAX = 4

export interface ValueItem {
  readonly index: number
  /** Null until it is read. */
  readonly row: RegistryValueRow | null
}

export interface Values {
  readonly items: readonly ValueItem[]
  readonly isReading: boolean
  readonly refusal: Refusal | null
  /** A row is in sight that isn't read yet. */
  want(index: number): void
  reload(): void
}

/** The values of a key: those that were in sight, of however many there are. */
export function useValues(client: RegistryClient, path: string | null, filter: string): Values {
  const [items, setItems] = useState<readonly ValueItem[]>([])
  const [isReading, setReading] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [turn, setTurn] = useState(0)
  const waiting = useRef<number[]>([])
  const busy = useRef(false)
  const now = useRef({ path, filter, turn })
  now.current = { path, filter, turn }

  const work = useCallback(async () => {
    if (busy.current) return
    busy.current = true
    for (let offset = waiting.current.pop(); offset !== undefined; offset = waiting.current.pop()) {
      const asked = now.current
      if (asked.path === null) break
      setReading(true)
      try {
        const part = await client.ask('values', { ask: 'values', path: asked.path, offset, filter: asked.filter })
        if (now.current.path !== asked.path || now.current.filter !== asked.filter || now.current.turn !== asked.turn)
          continue
        setItems(before => withRead(before, part))
      } catch (thrown) {
        if (now.current.path === asked.path) setRefusal(refusalOf(thrown))
      }
    }
    setReading(false)
    busy.current = false
  }, [client])

  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them is another list
  useEffect(() => {
    setItems([])
    setRefusal(null)
    waiting.current = path === null ? [] : [0]
    void work()
  }, [path, filter, turn, work])

  const want = useCallback(
    (index: number) => {
      const offset = Math.floor(index / BLOCK) * BLOCK
      // A part may have fewer than a block: then what is wanted begins where it ended.
      const from = items[offset]?.row ? index : offset
      if (waiting.current.includes(from)) return
      waiting.current = [...waiting.current, from].slice(-WAITING_MAX)
      void work()
    },
    [items, work],
  )
  return { items, isReading, refusal, want, reload: useCallback(() => setTurn(before => before + 1), []) }
}

/** A key may have a hundred thousand: what isn't new stays the object that it was. */
function withRead(before: readonly ValueItem[], { total, offset, values }: Extract<RegistryAnswer, { of: 'values' }>) {
  const items =
    before.length === total ? [...before] : Array.from({ length: total }, (_, index) => unread(before, index))
  for (const [at, row] of values.entries()) {
    const index = offset + at
    if (index < total) items[index] = { index, row }
  }
  return items
}

const unread = (before: readonly ValueItem[], index: number): ValueItem => before[index] ?? { index, row: null }

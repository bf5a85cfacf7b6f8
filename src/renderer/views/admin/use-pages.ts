import { useCallback, useEffect, useRef, useState } from 'react'
import { refusalOf } from '../../stores/refusal.ts'
import type { Loaded, Source } from './use-loaded.ts'

export interface PageOf<Row> {
  readonly rows: readonly Row[]
  /** Null on the last page. */
  readonly nextCursor: string | null
}

export interface Pages<Row> extends Source<readonly Row[]> {
  /** There is more at the relay. */
  readonly hasMore: boolean
  readonly isBusy: boolean
  /** Why the next page didn't come. */
  readonly refusal: string | null
  /** Asks for the next page, unless one is on its way. */
  readonly more: () => void
}

/**
 * A list that is read page by page, anew whenever `ask` is another function; what was there stays in sight until then. An answer that was overtaken is
 * dropped. Reloading asks for as much as is in sight.
 */
export function usePages<Row>(ask: (cursor: string | undefined) => Promise<PageOf<Row>>): Pages<Row> {
  const [state, setState] = useState<Loaded<PageOf<Row>>>({ name: 'loading' })
  const [work, setWork] = useState<{ isBusy: boolean; refusal: string | null }>({ isBusy: false, refusal: null })
  const turn = useRef(0)
  const shown = useRef<PageOf<Row> | null>(null)

  const read = useCallback(
    async (from: PageOf<Row> | null, atLeast: number) => {
      const own = ++turn.current
      setWork({ isBusy: true, refusal: null })
      try {
        let page = await append(ask, from)
        while (page.nextCursor !== null && page.rows.length < atLeast) page = await append(ask, page)
        if (own !== turn.current) return
        shown.current = page
        setState({ name: 'ready', value: page })
        setWork({ isBusy: false, refusal: null })
      } catch (thrown) {
        if (own !== turn.current) return
        const refusal = refusalOf(thrown)
        setWork({ isBusy: false, refusal: refusal.message })
        if (from === null) setState({ name: 'failed', refusal })
      }
    },
    [ask],
  )
  useEffect(() => {
    shown.current = null
    void read(null, 0)
    return () => {
      turn.current++
    }
  }, [read])
  const reload = useCallback(() => read(null, shown.current?.rows.length ?? 0), [read])

  const page = state.name === 'ready' ? state.value : null
  const canAsk = page !== null && page.nextCursor !== null && !work.isBusy
  const more = useCallback(() => {
    if (canAsk) void read(page, 0)
  }, [canAsk, read, page])
  return {
    state: state.name === 'ready' ? { name: 'ready', value: state.value.rows } : state,
    reload,
    hasMore: page !== null && page.nextCursor !== null,
    ...work,
    more,
  }
}

async function append<Row>(ask: (cursor: string | undefined) => Promise<PageOf<Row>>, from: PageOf<Row> | null) {
  const next = await ask(from?.nextCursor ?? undefined)
  return from ? { rows: [...from.rows, ...next.rows], nextCursor: next.nextCursor } : next
}

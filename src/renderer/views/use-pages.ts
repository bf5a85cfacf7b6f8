import { useCallback, useEffect, useRef, useState } from 'react'
import { refusalOf } from '../stores/refusal.ts'
import type { Loaded, Source } from './use-loaded.ts'

export interface PageOf<Row> {
  readonly rows: readonly Row[]
  /** Null on the last page. */
  readonly nextCursor: string | null
  /** How many rows all pages have; null where that isn't said. */
  readonly total?: number | null
}

export interface Pages<Row> extends Source<readonly Row[]> {
  /** There is more at the relay. */
  readonly hasMore: boolean
  /** How many rows there are, read or not; null where that isn't known. */
  readonly total: number | null
  readonly isBusy: boolean
  /** What is in sight is an answer to what is asked now, and not to what was asked before. */
  readonly isCurrent: boolean
  /** Why the next page didn't come. */
  readonly refusal: string | null
  /** Asks for the next page, and for more of them until there are `atLeast` rows; not while one is on its way. */
  readonly more: (atLeast?: number) => void
  /** Changes what is in sight, without asking. */
  readonly edit: (change: (page: PageOf<Row>) => PageOf<Row>) => void
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
  const [shownFor, setShownFor] = useState<unknown>(null)

  const show = useCallback((page: PageOf<Row>) => {
    shown.current = page
    setState({ name: 'ready', value: page })
  }, [])
  const read = useCallback(
    async (isAnew: boolean, atLeast: number) => {
      const own = ++turn.current
      setWork({ isBusy: true, refusal: null })
      let page = isAnew ? null : shown.current
      try {
        do {
          const next = await ask(page?.nextCursor ?? undefined)
          if (own !== turn.current) return
          // What is in sight may have been changed meanwhile; what is read anew takes its place as a whole.
          page = append(isAnew ? page : shown.current, next)
          if (!isAnew) show(page)
        } while (page.nextCursor !== null && page.rows.length < atLeast)
        if (isAnew) {
          show(page)
          setShownFor(() => ask)
        }
        setWork({ isBusy: false, refusal: null })
      } catch (thrown) {
        if (own !== turn.current) return
        const refusal = refusalOf(thrown)
        setWork({ isBusy: false, refusal: refusal.message })
        if (isAnew) setState({ name: 'failed', refusal })
      }
    },
    [ask, show],
  )
  useEffect(() => {
    shown.current = null
    void read(true, 0)
    return () => {
      turn.current++
    }
  }, [read])
  const reload = useCallback(() => read(true, shown.current?.rows.length ?? 0), [read])
  const edit = useCallback(
    (change: (page: PageOf<Row>) => PageOf<Row>) => {
      if (shown.current) show(change(shown.current))
    },
    [show],
  )

  const page = state.name === 'ready' ? state.value : null
  const canAsk = page !== null && page.nextCursor !== null && !work.isBusy
  const more = useCallback(
    (atLeast = 0) => {
      if (canAsk) void read(false, atLeast)
    },
    [canAsk, read],
  )
  return {
    state: state.name === 'ready' ? { name: 'ready', value: state.value.rows } : state,
    reload,
    hasMore: page !== null && page.nextCursor !== null,
    total: page?.total ?? null,
    isCurrent: shownFor === ask,
    ...work,
    more,
    edit,
  }
}

const append = <Row>(from: PageOf<Row> | null, next: PageOf<Row>): PageOf<Row> =>
  from ? { ...next, rows: [...from.rows, ...next.rows], total: from.total ?? null } : next

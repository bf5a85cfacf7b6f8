import { useCallback, useEffect, useRef, useState } from 'react'
import { type Refusal, refusalOf } from '../stores/refusal.ts'

export type Loaded<T> =
  | { readonly name: 'loading' }
  | { readonly name: 'failed'; readonly refusal: Refusal }
  | { readonly name: 'ready'; readonly value: T }

export interface Source<T> {
  readonly state: Loaded<T>
  /** Asks again; what is there stays in sight meanwhile. Never rejects. */
  readonly reload: () => Promise<void>
}

/** What `load` answers, asked anew whenever `load` is another function. An answer that was overtaken is dropped. */
export function useLoaded<T>(load: () => Promise<T>): Source<T> {
  const [state, setState] = useState<Loaded<T>>({ name: 'loading' })
  const latest = useRef(0)
  const run = useCallback(async () => {
    const turn = ++latest.current
    try {
      const value = await load()
      if (turn === latest.current) setState({ name: 'ready', value })
    } catch (thrown) {
      if (turn === latest.current) setState({ name: 'failed', refusal: refusalOf(thrown) })
    }
  }, [load])
  useEffect(() => {
    setState({ name: 'loading' })
    void run()
    return () => {
      latest.current++
    }
  }, [run])
  return { state, reload: run }
}

export const loadedOf = <T>(state: Loaded<T>): T | undefined => (state.name === 'ready' ? state.value : undefined)

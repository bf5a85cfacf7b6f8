import { useCallback, useRef } from 'react'
import type { z } from 'zod'
import type { devicesReplySchema } from '#protocol/records-http.ts'
import { useApp } from '../app-context.ts'
import { loadedOf, type Source, useLoaded } from '../use-loaded.ts'

type Found = z.output<typeof devicesReplySchema>

/** The first few devices that have every word of `q`, as the relay finds them. `found` are those of the question before until its answer is there. */
export function useFoundDevices(q: string, limit: number): Source<Found> & { readonly found: Found | undefined } {
  const app = useApp()
  const source = useLoaded(useCallback(() => app.listDevices({ ...(q === '' ? {} : { q }), limit }), [app, q, limit]))
  const last = useRef<Found | undefined>(undefined)
  last.current = loadedOf(source.state) ?? last.current
  return { ...source, found: last.current }
}

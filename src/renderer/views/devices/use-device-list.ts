import { useCallback, useEffect, useMemo, useRef } from 'react'
import type { DevicesPatch } from '#ipc/operator.ts'
import type { DeviceFilter } from '#protocol/records-http.ts'
import type { DeviceView } from '#protocol/wire/views.ts'
import { useApp } from '../app-context.ts'
import { type Pages, usePages } from '../use-pages.ts'
import { DeviceOverlay } from './device-overlay.ts'

/** Between two askings because something changed; longer where much is loaded, so that the relay isn't asked more often than it likes. */
const ANEW_FIRST_MS = 300
const ANEW_EVERY_MS = 1_500
const ROWS_OF_A_PAGE = 200
/** Clocks of the relay and of this machine may differ. */
const CLOCKS_DIFFER_MS = 60_000

export interface DeviceList extends Omit<Pages<DeviceView>, 'edit' | 'total'> {
  /** How many devices there are that fit, loaded or not. */
  readonly total: number
}

/** The devices that fit `filter`, in its order: pages of the relay's list, kept true by what it tells of single devices. `filter` is another object only when it asks for something else. */
export function useDeviceList(filter: DeviceFilter): DeviceList {
  const app = useApp()
  const overlay = useRef(new DeviceOverlay(Date.now))
  const askedAtMs = useRef(0)
  const ask = useCallback(
    async (cursor: string | undefined) => {
      if (cursor === undefined) askedAtMs.current = Date.now()
      const { devices, nextCursor, total } = await app.listDevices({ ...filter, cursor, limit: ROWS_OF_A_PAGE })
      return overlay.current.over({ rows: devices, nextCursor, total })
    },
    [app, filter],
  )
  const { edit, total, ...pages } = usePages(ask)
  const rows = pages.state.name === 'ready' ? pages.state.value : NONE
  const ids = useMemo(() => new Set(rows.map(({ id }) => id)), [rows])
  const known = useRef<Known>({ ids, isWhole: false })
  known.current = { ids, isWhole: !pages.hasMore }
  const anew = useAnew(pages.reload, rows.length)

  useEffect(
    () =>
      app.devices.subscribe(news => {
        if (news === 'stale') return anew()
        overlay.current.tell(news)
        edit(page => overlay.current.over(page))
        if (isElsewhereNow(news, known.current, filter, askedAtMs.current)) anew()
      }),
    [app, edit, filter, anew],
  )
  return { ...pages, total: pages.hasMore ? Math.max(total ?? 0, rows.length + 1) : rows.length }
}

const NONE: readonly never[] = []

interface Known {
  readonly ids: ReadonlySet<string>
  /** Every device that fits is among them. */
  readonly isWhole: boolean
}

/** Whether the list may have other rows now, or the same ones elsewhere. A device that nobody has scrolled to yet changes nothing. */
function isElsewhereNow(
  { changed }: DevicesPatch,
  { ids, isWhole }: Known,
  { q, groupId, tag, status, online, sort }: DeviceFilter,
  askedAtMs: number,
): boolean {
  const isByState = status !== undefined || online !== undefined || sort === 'status' || sort === 'seen'
  if (isByState || groupId !== undefined || tag !== undefined) return changed.length > 0
  const isNew = (enrolledAtMs: number) => enrolledAtMs > askedAtMs - CLOCKS_DIFFER_MS
  return changed.some(({ id, enrolledAtMs }) => !ids.has(id) && ((isWhole && q === undefined) || isNew(enrolledAtMs)))
}

/** Asks anew soon, and at most every few seconds, however often it is called. */
function useAnew(reload: () => Promise<void>, rows: number): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const lastAtMs = useRef(Number.NEGATIVE_INFINITY)
  const parts = useRef({ reload, rows })
  parts.current = { reload, rows }
  useEffect(() => () => clearTimeout(timer.current), [])
  return useCallback(() => {
    const everyMs = ANEW_EVERY_MS * Math.max(1, Math.ceil(parts.current.rows / ROWS_OF_A_PAGE))
    const waitMs = Math.max(ANEW_FIRST_MS, lastAtMs.current + everyMs - performance.now())
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      lastAtMs.current = performance.now()
      void parts.current.reload()
    }, waitMs)
  }, [])
}

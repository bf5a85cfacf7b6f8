import { useEffect, useMemo, useState } from 'react'
import type { Selection } from '../../../components/table/selection.tsx'
import type { DeviceList } from '../../devices/use-device-list.ts'
import type { DeviceRow } from './device-columns.tsx'
import { strings } from './device-strings.ts'

/** Devices that are picked. Whoever picks all means those of every page: they are read first. */
export function useSelection(
  rows: readonly DeviceRow[],
  { hasMore, isBusy, refusal, total, more }: Pick<DeviceList, 'hasMore' | 'isBusy' | 'refusal' | 'total' | 'more'>,
) {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [wantsAll, setWantsAll] = useState(false)
  useEffect(() => {
    if (!wantsAll) return
    if (refusal !== null) setWantsAll(false)
    else if (hasMore) more(total)
    else if (!isBusy) {
      setWantsAll(false)
      setPicked(new Set(rows.map(({ id }) => id)))
    }
  }, [wantsAll, refusal, hasMore, more, total, isBusy, rows])
  // What has gone, or is filtered away, is not acted on.
  const chosen = useMemo(() => rows.filter(({ id }) => picked.has(id)), [rows, picked])
  const ids = useMemo(() => new Set(chosen.map(({ id }) => id)), [chosen])
  const selection: Selection = {
    ids,
    allLabel: strings.selectAll,
    rowLabel: strings.selectOne,
    onToggle: id => setPicked(new Set(ids.has(id) ? [...ids].filter(other => other !== id) : [...ids, id])),
    onAll: all => (all.length === 0 ? setPicked(new Set()) : setWantsAll(true)),
  }
  const clear = () => {
    setWantsAll(false)
    setPicked(new Set())
  }
  return { chosen, isReading: wantsAll, selection, clear }
}

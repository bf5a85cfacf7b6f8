import { startTransition, useEffect, useRef, useState } from 'react'
import type { MachineFacts, ProcessRow } from '#protocol/tools/messages.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import type { ToolsClient } from '../../../../session/tools/tools-client.ts'
import { WhenStill } from './when-still.ts'

/** A look each 1.5 s: a minute of them. */
const HISTORY = 40
/** A list that is refused, in a pause say, is asked for again. */
const AGAIN_MS = 1_000
/** Lists have no answer of their own; this number is never an act's. */
const LIST = 2 ** 31

export interface Processes {
  readonly rows: readonly ProcessRow[]
  /** Processor shares of the last minute, by process. */
  readonly trends: ReadonlyMap<number, readonly number[]>
  readonly machine: MachineFacts
  readonly machineTrend: readonly MachineFacts[]
}

/** The live list while this is shown, null before the first whole one; and what to call while it is scrolled, when it stands still. */
export function useProcesses(client: ToolsClient, tool: Tool): readonly [Processes | null, handleScroll: () => void] {
  const [processes, setProcesses] = useState<Processes | null>(null)
  const known = useRef(new Map<number, ProcessRow>())
  const whenStill = useRef<WhenStill>(null)
  useEffect(() => {
    const still = new WhenStill()
    whenStill.current = still
    const trends = new Map<number, readonly number[]>()
    let machineTrend: MachineFacts[] = []
    const stop = client.events.on('processes', part => {
      if (part.tool !== tool) return
      if (part.isFirst) known.current = new Map()
      for (const row of part.rows) known.current.set(row.pid, row)
      for (const pid of part.gone) {
        known.current.delete(pid)
        trends.delete(pid)
      }
      if (!part.isLast) return
      const rows = [...known.current.values()]
      for (const { pid, cpu } of rows) trends.set(pid, [...(trends.get(pid) ?? []).slice(1 - HISTORY), cpu])
      machineTrend = [...machineTrend.slice(1 - HISTORY), part.machine]
      const next = { rows, trends: new Map(trends), machine: part.machine, machineTrend }
      // Whoever types meanwhile comes first.
      still.run(() => startTransition(() => setProcesses(next)))
    })
    let again: ReturnType<typeof setTimeout> | undefined
    const ask = () => void client.send({ type: 'list', tool, request: LIST, list: 'live' })
    const stopAsking = client.events.on('refused', refused => {
      if (refused.request !== LIST || refused.tool !== tool) return
      clearTimeout(again)
      again = setTimeout(ask, AGAIN_MS)
    })
    ask()
    return () => {
      stop()
      still.close()
      stopAsking()
      clearTimeout(again)
      client.send({ type: 'list', tool, request: LIST, list: 'stop' })
    }
  }, [client, tool])
  return [processes, () => whenStill.current?.moved()]
}

import { useEffect, useState } from 'react'
import type { ToolsReply } from '#protocol/tools/http.ts'
import { useApp } from '../app-context.ts'

const NOTHING: ToolsReply = { tools: [], maySkipConsent: false, asks: { reason: 'required', ticket: 'optional' } }

/** The relay says at the request what it wants; a field that has to be filled in could be one that it refuses. */
const UNKNOWN: ToolsReply = { ...NOTHING, asks: { reason: 'optional', ticket: 'optional' } }

/** What the person may ask for on a device beside seeing and control; nothing while that isn't known. */
export function useAvailableTools(deviceId: string): ToolsReply {
  const app = useApp()
  const [available, setAvailable] = useState(NOTHING)
  useEffect(() => {
    let isOver = false
    // Who isn't told can still ask to see and control.
    app.availableTools(deviceId).then(
      told => !isOver && setAvailable(told),
      () => !isOver && setAvailable(UNKNOWN),
    )
    return () => {
      isOver = true
    }
  }, [app, deviceId])
  return available
}

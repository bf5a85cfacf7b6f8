import { useEffect, useState } from 'react'
import type { Tool } from '#protocol/tools/tools.ts'
import { useApp } from '../app-context.ts'

/** The tools that the person may ask for on a device; none while that isn't known. */
export function useAvailableTools(deviceId: string): readonly Tool[] {
  const app = useApp()
  const [tools, setTools] = useState<readonly Tool[]>([])
  useEffect(() => {
    let isOver = false
    // Who isn't told can still ask to see and control.
    app.availableTools(deviceId).then(
      available => !isOver && setTools(available),
      () => undefined,
    )
    return () => {
      isOver = true
    }
  }, [app, deviceId])
  return tools
}

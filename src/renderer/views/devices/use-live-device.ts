import { useEffect, useState } from 'react'
import type { DeviceView } from '#protocol/wire/views.ts'
import { refusalOf } from '../../stores/refusal.ts'
import { useApp } from '../app-context.ts'

/** The device as it is by now; null once it is gone, undefined while that isn't known. `known` is what there is of it already. */
export function useLiveDevice(deviceId: string, known: DeviceView | undefined): DeviceView | null | undefined {
  const app = useApp()
  const [now, setNow] = useState<DeviceView | null | undefined>(known)
  useEffect(
    () =>
      app.devices.subscribe(news => {
        if (news === 'stale') return
        const changed = news.changed.find(({ id }) => id === deviceId)
        if (changed) setNow(changed)
        else if (news.removed.includes(deviceId)) setNow(null)
      }),
    [app, deviceId],
  )
  useEffect(() => {
    if (known !== undefined) return
    let isOver = false
    // What is told meanwhile is newer. A relay that doesn't answer doesn't say that the device is gone.
    app.readDevice(deviceId).then(
      device => isOver || setNow(before => (before === undefined ? device : before)),
      thrown => isOver || (refusalOf(thrown).code === 'not-found' && setNow(null)),
    )
    return () => {
      isOver = true
    }
  }, [app, deviceId, known])
  return now
}

import type { DevicesPatch } from '#ipc/operator.ts'
import type { OperatorBridge } from './bridge.ts'

/** What became of single devices, or that more may have changed than was told. */
export type DeviceNews = DevicesPatch | 'stale'
type Listener = (news: DeviceNews) => void

/** Where lists of devices hear that what they show is no longer so. */
export interface DeviceWatch {
  /** Returns the function that ends the subscription. */
  subscribe(listener: Listener): () => void
  /** Every list is asked for anew. */
  refresh(): void
  /** Idempotent. */
  stop(): void
}

export function watchDevices(bridge: OperatorBridge): DeviceWatch {
  const listeners = new Set<Listener>()
  const tell = (news: DeviceNews) => {
    for (const listener of [...listeners]) listener(news)
  }
  const subscriptions = [bridge.on.devicesPatched(tell), bridge.on.devicesStale(() => tell('stale'))]
  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    refresh: () => tell('stale'),
    stop() {
      for (const end of subscriptions) end()
    },
  }
}

import { useEffect } from 'react'

/** Does it again and again while the view is there, and where `periodMs` is null not at all. */
export function useEvery(periodMs: number | null, act: () => void): void {
  useEffect(() => {
    if (periodMs === null) return
    const timer = setInterval(act, periodMs)
    return () => clearInterval(timer)
  }, [periodMs, act])
}

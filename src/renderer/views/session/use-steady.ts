import { useEffect, useState } from 'react'

/** A line that comes and goes with every frame would move the picture each time. */
const APPEARS_AFTER_MS = 1_000
const LEAVES_AFTER_MS = 3_000

/** `value` once it has stayed for a while; undefined stays away until it has, too. */
export function useSteady<T>(value: T | undefined): T | undefined {
  const [steady, setSteady] = useState<T | undefined>(undefined)
  useEffect(() => {
    const timer = setTimeout(() => setSteady(value), value === undefined ? LEAVES_AFTER_MS : APPEARS_AFTER_MS)
    return () => clearTimeout(timer)
  }, [value])
  return steady
}

import { useCallback, useEffect, useRef, useState } from 'react'
import type { Point } from '../../session/geometry.ts'

/** Where the operator has just been is no news about somebody else's hand. */
const ECHO_MS = 400

/** The device's pointer while somebody else moves it: `at` is null as soon as the operator's own pointer takes over. */
export function useDevicePointer(position: Point | null): { at: Point | null; handleOwnMove: () => void } {
  const [at, setAt] = useState<Point | null>(null)
  const ownMoveAtMs = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    const isEcho = performance.now() - ownMoveAtMs.current < ECHO_MS
    setAt(isEcho ? null : position)
  }, [position])
  const handleOwnMove = useCallback(() => {
    ownMoveAtMs.current = performance.now()
    setAt(null)
  }, [])
  return { at, handleOwnMove }
}

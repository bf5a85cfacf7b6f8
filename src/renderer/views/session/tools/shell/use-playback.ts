import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { Cast } from '../../../../session/tools/cast.ts'
import { type CastScreen, openCastScreen } from '../../../../session/tools/cast-screen.ts'
import { darkScheme, terminalTheme } from './terminal-theme.ts'

const TICK_MS = 50
/** A pause in a recording says nothing; it is played as this. */
const PAUSE_MAX_S = 2

export interface Playback {
  readonly atS: number
  readonly isPlaying: boolean
  /** Shows this moment; goes on from there if it plays. */
  seek(seconds: number): void
  /** Plays, from the start where it is over, or stops. */
  toggle(): void
}

/** Plays a recording in `element`. */
export function usePlayback(element: RefObject<HTMLElement | null>, cast: Cast, speed: number): Playback {
  const screen = useRef<CastScreen | null>(null)
  const now = useRef(0)
  const [atS, setAtS] = useState(0)
  const [isPlaying, setPlaying] = useState(true)
  useEffect(() => {
    if (!element.current) return
    const opened = openCastScreen(element.current, cast, terminalTheme(darkScheme().matches))
    screen.current = opened
    return () => opened.close()
  }, [element, cast])
  const seek = useCallback((seconds: number) => {
    now.current = seconds
    screen.current?.show(seconds)
    setAtS(seconds)
  }, [])
  useEffect(() => {
    if (!isPlaying) return
    let next = 0
    const timer = setInterval(() => {
      const at = now.current
      while (next > 0 && (cast.events[next - 1]?.atS ?? 0) > at) next--
      while ((cast.events[next]?.atS ?? Number.POSITIVE_INFINITY) <= at) next++
      const nextS = cast.events[next]?.atS ?? cast.lengthS
      const playedS = Math.min(cast.lengthS, at + (TICK_MS / 1000) * speed)
      seek(nextS - at > PAUSE_MAX_S * speed ? nextS - PAUSE_MAX_S * speed : playedS)
      if (now.current >= cast.lengthS) setPlaying(false)
    }, TICK_MS)
    return () => clearInterval(timer)
  }, [cast, isPlaying, speed, seek])
  const toggle = () => {
    if (!isPlaying && now.current >= cast.lengthS) seek(0)
    setPlaying(!isPlaying)
  }
  return { atS, isPlaying, seek, toggle }
}

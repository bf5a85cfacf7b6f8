import { useEffect, useState } from 'react'
import { WATCH_BEAT_MS } from '#protocol/tools/watch/limits.ts'
import { ShownSession } from '../../session/tools/shown-session.ts'
import { type Refusal, refusalOf } from '../../stores/refusal.ts'
import { useApp } from '../app-context.ts'

export interface Watching {
  readonly shown: ShownSession
  /** Why nobody can look any more. */
  readonly refusal: Refusal | null
}

/** Says that the person looks for as long as they can: while this is there and its window isn't hidden. */
export function useWatchingSession(sessionId: string): Watching {
  const app = useApp()
  const [shown] = useState(() => new ShownSession())
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [, setChanges] = useState(0)
  useEffect(() => shown.events.on('changed', () => setChanges(count => count + 1)), [shown])
  useEffect(
    () => app.onWatchShown(part => (part.sessionId === sessionId ? shown.take(part) : undefined)),
    [app, shown, sessionId],
  )
  useEffect(() => {
    let isOver = false
    const beat = () => {
      if (document.visibilityState !== 'visible' || isOver) return
      app.watchBeat(sessionId).catch(thrown => {
        const refused = refusalOf(thrown)
        // Without the relay for a moment: the device waits, and so does this.
        if (!ENDING.has(refused.code) || isOver) return
        isOver = true
        setRefusal(refused)
      })
    }
    beat()
    const timer = setInterval(beat, WATCH_BEAT_MS)
    return () => {
      isOver = true
      clearInterval(timer)
      void app.endWatch(sessionId)
    }
  }, [app, sessionId])
  return { shown, refusal }
}

const ENDING = new Set<string>(['session-closed', 'forbidden', 'not-found', 'unauthenticated'])

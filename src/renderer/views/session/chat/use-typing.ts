import { useCallback, useEffect, useRef } from 'react'
import { useApp } from '../../app-context.ts'

/** After the last key for so long nobody is writing any more. */
const TYPING_FOR_MS = 4_000

/** Tells the person that something is being written: only what changes, and by itself when nothing more comes. */
export function useTyping(ticket: string): (isTyping: boolean) => void {
  const app = useApp()
  const said = useRef(false)
  const timer = useRef<number | undefined>(undefined)
  const tell = useCallback(
    (isTyping: boolean) => {
      clearTimeout(timer.current)
      if (isTyping) timer.current = window.setTimeout(() => tell(false), TYPING_FOR_MS)
      if (isTyping !== said.current) app.typing(ticket, isTyping)
      said.current = isTyping
    },
    [app, ticket],
  )
  useEffect(() => () => tell(false), [tell])
  return tell
}

import { useEffect, useState } from 'react'
import type { PeerView } from '../../stores/peer-store.ts'

/** Tells the agent whether anybody sees the picture: a device that nobody looks at captures nothing. */
export function useWatching(view: PeerView | undefined, isShown: boolean): void {
  const isVisible = useDocumentVisible()
  const peer = view?.peer
  const hasControl = view?.hasControl ?? false
  useEffect(() => {
    if (hasControl) peer?.sendControl({ type: 'watching', watching: isShown && isVisible, stencils: true })
  }, [peer, hasControl, isShown, isVisible])
}

function useDocumentVisible(): boolean {
  const [isVisible, setVisible] = useState(() => document.visibilityState === 'visible')
  useEffect(() => {
    const read = () => setVisible(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', read)
    return () => document.removeEventListener('visibilitychange', read)
  }, [])
  return isVisible
}

import { useEffect } from 'react'
import type { PeerView } from '../../stores/peer-store.ts'
import type { SessionPreferences } from '../../stores/ui-store.ts'

/** Tells the agent what the picture should be good at: whenever that changes, and once for each connection. */
export function usePictureSettings(view: PeerView | undefined, picture: SessionPreferences['picture']): void {
  const peer = view?.peer
  const hasControl = view?.hasControl ?? false
  useEffect(() => {
    if (hasControl) peer?.sendControl({ type: 'picture-settings', ...picture })
  }, [peer, hasControl, picture])
}

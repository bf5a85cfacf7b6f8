import { useEffect, useState } from 'react'
import { InputSender } from '../../session/input-sender.ts'
import type { PeerView } from '../../stores/peer-store.ts'

/** One sender for each connection; what it holds is lifted when it may no longer send, and when the view goes. */
export function useSender(view: PeerView | undefined, isEnabled: boolean): InputSender {
  const peer = view?.peer
  const [sender, setSender] = useState(() => createSender(undefined))
  useEffect(() => {
    const created = createSender(peer)
    setSender(created)
    return () => created.setEnabled(false)
  }, [peer])
  useEffect(() => sender.setEnabled(isEnabled), [sender, isEnabled])
  return sender
}

const createSender = (peer: PeerView['peer'] | undefined) =>
  new InputSender({
    send: message => peer?.sendInput(message),
    requestFrame: callback => requestAnimationFrame(callback),
    cancelFrame: handle => cancelAnimationFrame(handle),
  })

import type { AgentControl } from '#protocol/peer/control.ts'
import type { Peer } from '../session/peer-session.ts'
import type { OperatorBridge } from './bridge.ts'

export interface DisplayWindowLinks {
  /** What the agent said on the connection of a session. */
  handleControl(ticket: string, message: AgentControl): void
  /** A session has a new connection: the pictures of its other windows are asked for again. */
  handleOpen(ticket: string): void
  /** Idempotent. */
  stop(): void
}

/** Joins the windows that show one display each to the connection that this window has: what makes theirs goes over it. */
export function linkDisplayWindows(
  bridge: OperatorBridge,
  peerOf: (ticket: string) => Peer | undefined,
): DisplayWindowLinks {
  const shown = new Map<string, { ticket: string; view: number; displayId: string }>()
  const keyOf = (ticket: string, view: number) => `${ticket} ${view}`
  const ask = ({ ticket, view, displayId }: { ticket: string; view: number; displayId: string }) =>
    peerOf(ticket)?.sendControl({ type: 'open-view', view, displayId })
  const subscriptions = [
    bridge.on.displayWindowReady(window => {
      shown.set(keyOf(window.ticket, window.view), window)
      ask(window)
    }),
    bridge.on.displayWindowClosed(({ ticket, view }) => {
      shown.delete(keyOf(ticket, view))
      peerOf(ticket)?.sendControl({ type: 'close-view', view })
    }),
    bridge.on.viewSignalReceived(({ ticket, view, signal }) =>
      peerOf(ticket)?.sendControl({ type: 'view-signal', view, signal }),
    ),
  ]
  return {
    handleControl(ticket, message) {
      // A window that has just gone takes nothing more.
      if (message.type === 'view-signal')
        bridge.call.sendViewSignal({ ticket, view: message.view, signal: message.signal }).catch(() => undefined)
      else if (message.type === 'view-closed')
        bridge.call.closeDisplayWindow({ ticket, view: message.view }).catch(() => undefined)
    },
    handleOpen(ticket) {
      for (const window of shown.values()) if (window.ticket === ticket) ask(window)
    },
    stop() {
      for (const end of subscriptions) end()
    },
  }
}

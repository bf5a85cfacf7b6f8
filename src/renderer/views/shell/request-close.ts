import type { SessionTab } from '#ipc/operator.ts'
import { isLive } from '#protocol/session/machine.ts'
import type { OperatorApp } from '../../stores/operator-app.ts'

/** Closes a tab; asks first where a session lives in it. */
export function requestClose(app: OperatorApp, tab: SessionTab): void {
  if (isLive(tab.state)) {
    app.ui.setState({ dialog: { name: 'close-live', ticket: tab.ticket } })
    return
  }
  // Main keeps a tab that it could not close, and the tab then shows why.
  app.closeTab(tab.ticket).catch(() => undefined)
}

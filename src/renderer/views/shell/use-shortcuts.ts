import { useEffect, useRef } from 'react'
import { isLive } from '#protocol/session/machine.ts'
import { useApp } from '../app-context.ts'
import type { FullScreen } from '../full-screen-context.ts'
import { requestClose } from './request-close.ts'

/** The window's own shortcuts. What the picture sent to the device never arrives here. */
export function useShortcuts(fullScreen: FullScreen): void {
  const app = useApp()
  const latest = useRef(fullScreen)
  latest.current = fullScreen
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return
      const main = app.main.getState()
      const { selected, dialog } = app.ui.getState()
      const sessions = main.name === 'ready' ? main.sessions : []
      const current = sessions.find(tab => tab.ticket === selected)
      const isPlainCtrl = event.ctrlKey && !event.altKey && !event.shiftKey && !event.metaKey
      if (event.key === 'F11') {
        event.preventDefault()
        if (current && isLive(current.state)) latest.current.toggle()
        return
      }
      if (!isPlainCtrl) return
      if (event.code === 'KeyK') {
        event.preventDefault()
        if (dialog?.name !== 'close-live') {
          app.ui.setState({ dialog: dialog?.name === 'palette' ? null : { name: 'palette' } })
        }
      } else if (event.code === 'KeyW') {
        event.preventDefault()
        if (current && !dialog) requestClose(app, current)
      } else if (/^Digit[1-9]$/.test(event.code)) {
        event.preventDefault()
        const position = Number(event.code.slice(-1)) - 1
        const ticket = position === 0 ? 'devices' : sessions[position - 1]?.ticket
        if (ticket && !dialog) app.ui.setState({ selected: ticket })
      }
    }
    window.addEventListener('keydown', handle)
    return () => window.removeEventListener('keydown', handle)
  }, [app])
}

import { clsx } from 'clsx'
import { X } from 'lucide-react'
import { Tabs } from 'radix-ui'
import type { SessionTab } from '#ipc/operator.ts'
import { useApp } from '../app-context.ts'
import { requestClose } from './request-close.ts'
import { selectQuietly } from './select-quietly.ts'
import { strings } from './strings.ts'

/** The dot differs by form as well as by colour: full while live, a ring while it waits, a bar when it is over. */
const DOTS: Record<SessionTab['state']['name'], string> = {
  requested: 'size-2 rounded-full border-2 border-accent',
  queued: 'size-2 rounded-full border-2 border-line-strong',
  notifying: 'size-2 rounded-full border-2 border-accent',
  'awaiting-consent': 'size-2 rounded-full border-2 border-accent',
  'awaiting-approval': 'size-2 rounded-full border-2 border-line-strong',
  arming: 'size-2 rounded-full border-2 border-accent',
  'otp-issued': 'size-2 rounded-full border-2 border-accent',
  granted: 'size-2 rounded-full border-2 border-accent',
  armed: 'size-2 rounded-full border-2 border-accent',
  connecting: 'size-2 rounded-full border-2 border-accent',
  active: 'size-2 rounded-full bg-ok-text',
  paused: 'size-2 rounded-full border-2 border-warn-text',
  reconnecting: 'size-2 rounded-full border-2 border-dashed border-warn-text',
  lingering: 'size-2 rounded-full border-2 border-dashed border-warn-text',
  ending: 'h-0.5 w-2 bg-line-strong',
  closed: 'h-0.5 w-2 bg-line-strong',
}

export function SessionTabHandle({ tab, className }: { tab: SessionTab; className: string }) {
  const app = useApp()
  const word = strings.states[tab.state.name]
  return (
    <div className="group/tab relative flex max-w-52 min-w-24 flex-1 items-center">
      <Tabs.Trigger
        value={tab.ticket}
        title={`${tab.deviceName} – ${word}`}
        onMouseDown={event => selectQuietly(event, () => app.ui.setState({ selected: tab.ticket }))}
        onAuxClick={event => {
          if (event.button === 1) requestClose(app, tab)
        }}
        className={clsx(className, 'w-full pr-8')}
      >
        <span aria-hidden className={clsx('shrink-0', DOTS[tab.state.name])} />
        <span className="truncate">{tab.deviceName}</span>
        <span className="sr-only">{word}</span>
      </Tabs.Trigger>
      <button
        type="button"
        aria-label={strings.closeTab(tab.deviceName)}
        title={strings.closeTab(tab.deviceName)}
        onClick={() => requestClose(app, tab)}
        className="absolute right-1.5 grid size-5 place-items-center rounded text-muted hover:bg-hover hover:text-text"
      >
        <X aria-hidden size={14} />
      </button>
    </div>
  )
}

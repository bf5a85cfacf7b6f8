import { clsx } from 'clsx'
import { Eye, Maximize, Minimize } from 'lucide-react'
import { Tooltip } from 'radix-ui'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { SessionTab } from '#ipc/operator.ts'
import { Notice } from '../../components/notice.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { ToolButton } from '../../components/tool-button.tsx'
import { Waiting } from '../../components/waiting.tsx'
import type { DisplayApp } from '../../stores/display-app.ts'
import { DEFAULT_PREFERENCES } from '../../stores/ui-store.ts'
import { Picture } from '../session/picture.tsx'
import { PictureNote } from '../session/picture-note.tsx'
import { ProblemLine } from '../session/problem-line.tsx'
import { liveStrings as strings } from '../session/strings.ts'
import { usePictureSettings } from '../session/use-picture-settings.ts'
import { useSender } from '../session/use-sender.ts'
import { useWatching } from '../session/use-watching.ts'
import { displayStrings } from './strings.ts'

/** One display of a session in a window of its own. */
export function DisplayWindow({ app }: { app: DisplayApp }) {
  const state = useStore(app.state)
  if (state.name === 'loading') return <Centred>{<Waiting words={displayStrings.opening} />}</Centred>
  if (state.name === 'failed')
    return (
      <Centred>
        <Notice tone="danger" className="w-96">
          {displayStrings.failed} {state.refusal.message}
        </Notice>
      </Centred>
    )
  return (
    <Tooltip.Provider delayDuration={500}>
      <Display app={app} tab={state.tab} displayName={state.displayName} />
    </Tooltip.Provider>
  )
}

const Centred = ({ children }: { children: React.ReactNode }) => (
  <main className="grid h-full place-items-center">{children}</main>
)

function Display({ app, tab, displayName }: { app: DisplayApp; tab: SessionTab; displayName: string }) {
  const { state } = tab
  const peer = useStore(app.peers, peers => peers[tab.ticket])
  const [zoom, setZoom] = useState(DEFAULT_PREFERENCES.zoom)
  const [isFull, setFull] = useState(false)
  const picture = useRef<HTMLTextAreaElement>(null)
  const toolbar = useRef<HTMLDivElement>(null)
  const preferences = { ...DEFAULT_PREFERENCES, zoom }
  const mayControl = state.name === 'active' && state.mode === 'control'
  const sender = useSender(peer, mayControl)
  useWatching(peer, true)
  usePictureSettings(peer, DEFAULT_PREFERENCES.picture)
  useEffect(() => {
    document.title = `${displayName} – ${tab.deviceName}`
  }, [displayName, tab.deviceName])
  const focusToolbar = useCallback(() => toolbar.current?.querySelector<HTMLElement>('button')?.focus(), [])
  const toggleFull = async () => {
    await app.setFullScreen(!isFull)
    setFull(!isFull)
    picture.current?.focus({ preventScroll: true })
  }
  const hasPicture = peer?.hasPicture ?? false
  return (
    <section aria-label={displayStrings.label(displayName, tab.deviceName)} className="flex h-full flex-col bg-stage">
      <div
        ref={toolbar}
        role="toolbar"
        aria-label={strings.toolbar}
        className={clsx('flex h-10 shrink-0 items-center gap-2 border-b border-line bg-surface px-2')}
      >
        <Segmented
          label={strings.zoom}
          value={zoom}
          onChange={setZoom}
          options={[
            { value: 'fit', label: strings.fit, hint: strings.fitHint },
            { value: 'actual', label: strings.actual, hint: strings.actualHint },
          ]}
        />
        <ToolButton label={isFull ? strings.leaveFullScreen : strings.fullScreen} onClick={() => void toggleFull()}>
          {isFull ? <Minimize aria-hidden size={15} /> : <Maximize aria-hidden size={15} />}
        </ToolButton>
        {tab.scopes.includes('control') ? null : (
          <span
            title={strings.viewOnlyHint}
            className="inline-flex h-6 items-center gap-1.5 rounded-md bg-warn-soft px-2 text-xs font-medium text-warn-text"
          >
            <Eye aria-hidden size={14} />
            {strings.viewOnly}
          </span>
        )}
        <span className="min-w-0 flex-1 truncate text-right text-muted">
          {displayStrings.label(displayName, tab.deviceName)}
        </span>
      </div>
      <div className="relative min-h-0 flex-1">
        <Picture
          ref={picture}
          deviceName={tab.deviceName}
          peer={peer}
          preferences={preferences}
          sender={sender}
          canControl={mayControl && peer?.hasInput === true}
          isShown
          onLeave={focusToolbar}
        />
        {state.name === 'active' || state.name === 'paused' || state.name === 'reconnecting' ? (
          <PictureNote state={state} peer={peer} hasPicture={hasPicture} />
        ) : null}
      </div>
      {hasPicture ? <ProblemLine problem={peer?.engine?.problem} /> : null}
    </section>
  )
}

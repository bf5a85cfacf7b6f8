import { useCallback, useEffect, useRef } from 'react'
import type { SessionTab } from '#ipc/operator.ts'
import { openFurther } from '#protocol/session/further.ts'
import type { LiveState } from '#protocol/session/state.ts'
import { mayUseTool } from '#protocol/tools/tools.ts'
import type { ToolsClient } from '../../session/tools/tools-client.ts'
import { setPreferences } from '../../stores/ui-store.ts'
import { useApp, usePeer, usePreferences } from '../app-context.ts'
import { useFullScreen } from '../full-screen-context.ts'
import { ChatPanel } from './chat/chat-panel.tsx'
import { isFirstHere } from './first-here.ts'
import { FurtherLine } from './further-line.tsx'
import { LivePanel } from './live-panel.tsx'
import { Picture } from './picture.tsx'
import { PictureNote } from './picture-note.tsx'
import { FrozenLine, KeyboardLine, ProblemLine, TurnLine } from './problem-line.tsx'
import { Toolbar } from './toolbar.tsx'
import { ToolsDrawer } from './tools/tools-drawer.tsx'
import { UnaskedLine } from './unasked-line.tsx'
import { usePictureSettings } from './use-picture-settings.ts'
import { useSender } from './use-sender.ts'
import { useWatching } from './use-watching.ts'

/** The device's screen, the tools over it and the figures beside it. */
export function LiveSession({ tab, state, isShown }: { tab: SessionTab; state: LiveState; isShown: boolean }) {
  const app = useApp()
  const peer = usePeer(tab.ticket)
  const preferences = usePreferences(tab.ticket)
  const fullScreen = useFullScreen()
  const hasPicture = peer?.hasPicture ?? false
  const picture = useRef<HTMLTextAreaElement>(null)
  const toolbar = useRef<HTMLDivElement>(null)
  const tools = useTools(peer?.tools ?? null, state.name === 'reconnecting')
  const isFrozen = peer?.isFrozen ?? false
  // While the person is asked for more, the device takes nothing that they might have to answer for.
  const isAsking = openFurther(state)?.stage === 'shown'
  const company = peer?.company ?? []
  const hasTurn = company.length === 0 || company.some(({ isSelf, hasInput }) => isSelf && hasInput)
  const mayControl = state.name === 'active' && state.mode === 'control' && !isFrozen && !isAsking && hasTurn
  const sender = useSender(peer, mayControl && isShown)
  useWatching(peer, isShown)
  usePictureSettings(peer, preferences.picture)

  useEffect(() => {
    if (fullScreen.isOn && isShown) fullScreen.capture(preferences.sendsLocalShortcuts)
  }, [fullScreen, isShown, preferences.sendsLocalShortcuts])
  const isShownNow = useRef(isShown)
  isShownNow.current = isShown
  // A session that ended must not keep the whole screen.
  useEffect(() => () => void (isShownNow.current && fullScreen.leave()), [fullScreen.leave])

  const focusPicture = useCallback(() => picture.current?.focus({ preventScroll: true }), [])
  // The first picture takes the keyboard, unless the person is busy elsewhere.
  useEffect(() => {
    if (isShown && hasPicture && isFocusFree()) focusPicture()
  }, [isShown, hasPicture, focusPicture])
  const focusToolbar = useCallback(() => toolbar.current?.querySelector<HTMLElement>('button')?.focus(), [])

  return (
    <section aria-label={tab.deviceName} className="relative flex h-full flex-col bg-stage">
      <Toolbar
        ref={toolbar}
        tab={tab}
        peer={peer}
        mode={state.mode}
        scopes={state.scopes}
        canSendKeys={mayControl && peer?.hasInput === true}
        sender={sender}
        focusPicture={focusPicture}
      />
      <UnaskedLine unasked={tab.unasked} />
      <FurtherLine state={state} />
      <div className="flex min-h-0 flex-1">
        <div className="relative min-w-0 flex-1">
          <Picture
            ref={picture}
            deviceName={tab.deviceName}
            peer={peer}
            preferences={preferences}
            sender={sender}
            canControl={mayControl && peer?.hasInput === true}
            isShown={isShown}
            onLeave={focusToolbar}
          />
          <PictureNote state={state} peer={peer} hasPicture={hasPicture} />
        </div>
        {preferences.isChatOpen && !tab.withoutChat && isFirstHere(tab, peer) ? (
          <ChatPanel tab={tab} isShown={isShown} />
        ) : null}
        {preferences.isPanelOpen ? <LivePanel tab={tab} state={state} peer={peer} isShown={isShown} /> : null}
      </div>
      {preferences.tool && mayUseTool(state.scopes, preferences.tool) ? (
        <ToolsDrawer
          ticket={tab.ticket}
          tool={preferences.tool}
          client={tools}
          scopes={state.scopes}
          onClose={() => setPreferences(app.ui, tab.ticket, { tool: null })}
        />
      ) : null}
      {hasTurn || state.mode === 'view' ? null : <TurnLine company={company} />}
      {mayControl && peer?.isKeyboardPersons ? <KeyboardLine /> : null}
      {isFrozen ? <FrozenLine /> : hasPicture ? <ProblemLine problem={peer?.engine?.problem} /> : null}
    </section>
  )
}

/** A new channel is of use once the device has said that the link is back: before that its tools take nothing. */
function useTools(tools: ToolsClient | null, isReconnecting: boolean): ToolsClient | null {
  const usable = useRef(tools)
  if (!isReconnecting) usable.current = tools
  return usable.current
}

/** Nothing has the focus, or only something that isn't shown any more. */
const isFocusFree = () => document.activeElement === document.body || !document.activeElement?.checkVisibility()

import { clsx } from 'clsx'
import { Activity, CircleX, Eye, Keyboard, Maximize, Minimize, Monitor, Replace, Type } from 'lucide-react'
import type { Ref } from 'react'
import type { SessionTab } from '#ipc/operator.ts'
import { ALL_DISPLAYS } from '#protocol/peer/control.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { Button } from '../../components/button.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine, MenuText } from '../../components/menu.tsx'
import { Notice } from '../../components/notice.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Elapsed } from '../../components/times.tsx'
import { ToolButton } from '../../components/tool-button.tsx'
import type { InputSender } from '../../session/input-sender.ts'
import type { PeerView } from '../../stores/peer-store.ts'
import { setPreferences } from '../../stores/ui-store.ts'
import { useApp, usePreferences } from '../app-context.ts'
import { useFullScreen } from '../full-screen-context.ts'
import { useTask } from '../use-task.ts'
import { ChatButton } from './chat/chat-button.tsx'
import { CompanyMenu } from './company-menu.tsx'
import { isFirstHere } from './first-here.ts'
import { MoreMenu } from './more-menu.tsx'
import { SpecialKeysMenu } from './special-keys-menu.tsx'
import { liveStrings as strings } from './strings.ts'
import { ToolsMenu } from './tools/tools-menu.tsx'

export function Toolbar(props: {
  ref: Ref<HTMLDivElement>
  tab: SessionTab
  peer: PeerView | undefined
  mode: 'view' | 'control'
  scopes: readonly Scope[]
  canSendKeys: boolean
  sender: InputSender
  focusPicture: () => void
}) {
  const { tab, peer, mode, canSendKeys, focusPicture } = props
  const app = useApp()
  const preferences = usePreferences(tab.ticket)
  const fullScreen = useFullScreen()
  const ending = useTask()
  const windows = useTask()
  const asking = useTask()
  const isFirst = isFirstHere(tab, peer)
  const refusal = ending.refusal ?? windows.refusal ?? asking.refusal
  const change = (part: Partial<typeof preferences>) => setPreferences(app.ui, tab.ticket, part)
  return (
    <div
      className={clsx(
        'group/tools z-10 shrink-0',
        fullScreen.isOn && 'pointer-events-none absolute inset-x-0 top-0 flex flex-col items-center',
      )}
    >
      <div
        ref={props.ref}
        role="toolbar"
        aria-label={strings.toolbar}
        className={clsx(
          'pointer-events-auto flex h-10 w-full items-center gap-2 border-b border-line bg-surface px-2',
          fullScreen.isOn &&
            'absolute -translate-y-full transition-transform group-focus-within/tools:translate-y-0 group-hover/tools:translate-y-0',
        )}
      >
        <ToolsMenu
          scopes={props.scopes}
          shown={preferences.tool}
          isReplaying={preferences.isReplaying}
          onShow={(tool, isReplaying) => change({ tool, isReplaying })}
        />
        <MoreMenu tab={tab} scopes={props.scopes} isFirst={isFirst} run={asking.run} />
        <Segmented
          label={strings.zoom}
          value={preferences.zoom}
          onChange={zoom => change({ zoom })}
          options={[
            { value: 'fit', label: strings.fit, hint: strings.fitHint },
            { value: 'actual', label: strings.actual, hint: strings.actualHint },
          ]}
        />
        <ToolButton
          label={fullScreen.isOn ? strings.leaveFullScreen : strings.fullScreen}
          shortcut="F11"
          onClick={() => {
            fullScreen.toggle()
            focusPicture()
          }}
        >
          {fullScreen.isOn ? <Minimize aria-hidden size={15} /> : <Maximize aria-hidden size={15} />}
        </ToolButton>
        <DisplayMenu ticket={tab.ticket} peer={peer} focusPicture={focusPicture} openWindows={windows.run} />
        <Divider />
        {mode === 'view' ? (
          <span
            title={strings.viewOnlyHint}
            className="inline-flex h-6 items-center gap-1.5 rounded-md bg-warn-soft px-2 text-xs font-medium text-warn-text"
          >
            <Eye aria-hidden size={14} />
            {strings.viewOnly}
          </span>
        ) : (
          <>
            <SpecialKeysMenu isEnabled={canSendKeys} sender={props.sender} focusPicture={focusPicture} />
            <Menu
              focusAfter={focusPicture}
              trigger={
                <ToolButton label={strings.keyboard}>
                  {preferences.keyboardMode === 'physical' ? (
                    <Keyboard aria-hidden size={15} />
                  ) : (
                    <Type aria-hidden size={15} />
                  )}
                  {preferences.keyboardMode === 'physical' ? strings.physical : strings.text}
                </ToolButton>
              }
            >
              <MenuChoice
                value={preferences.keyboardMode}
                onChange={keyboardMode => change({ keyboardMode })}
                options={[
                  { value: 'physical', label: strings.physical, note: strings.physicalHint },
                  { value: 'text', label: strings.text, note: strings.textHint },
                ]}
              />
              <MenuLine />
              <MenuText>{strings.leaveHint}</MenuText>
            </Menu>
            <ToolButton
              label={strings.localShortcuts}
              aria-pressed={preferences.sendsLocalShortcuts}
              hint={strings.localShortcutsHint}
              onClick={() => {
                change({ sendsLocalShortcuts: !preferences.sendsLocalShortcuts })
                focusPicture()
              }}
            >
              <Replace aria-hidden size={15} />
              {strings.shortcuts}
            </ToolButton>
          </>
        )}
        <div className="flex-1" />
        <span className="px-1 text-xs text-muted">
          <Elapsed sinceMs={tab.startedAtMs} />
        </span>
        <CompanyMenu view={peer} focusPicture={focusPicture} />
        {isFirst ? <ChatButton tab={tab} /> : null}
        <ToolButton
          label={strings.panel}
          aria-pressed={preferences.isPanelOpen}
          onClick={() => change({ isPanelOpen: !preferences.isPanelOpen })}
        >
          <Activity aria-hidden size={15} />
        </ToolButton>
        <Button
          tone="danger"
          isSmall
          aria-label={strings.end(tab.deviceName)}
          title={strings.end(tab.deviceName)}
          className="max-w-64"
          disabled={ending.isBusy}
          onClick={() => void ending.run(() => app.endSession(tab.ticket))}
        >
          <CircleX aria-hidden size={14} className="shrink-0" />
          <span className="truncate">{`${strings.endShort} ${tab.deviceName}`}</span>
        </Button>
      </div>
      {refusal ? (
        <Notice tone="danger" className="w-full rounded-none">
          {refusal.message}
        </Notice>
      ) : null}
      {fullScreen.isOn ? (
        <div
          aria-hidden
          data-testid="tools-handle"
          className="pointer-events-auto h-2 w-32 rounded-b-md border border-t-0 border-line bg-raised/80"
        />
      ) : null}
    </div>
  )
}

const Divider = () => <span aria-hidden className="h-5 w-px shrink-0 bg-line" />

function DisplayMenu({
  ticket,
  peer,
  focusPicture,
  openWindows,
}: {
  ticket: string
  peer: PeerView | undefined
  focusPicture: () => void
  openWindows: ReturnType<typeof useTask>['run']
}) {
  const app = useApp()
  const displays = peer?.displays
  if (!displays || displays.displays.length < 2) return null
  const selected = displays.displays.find(display => display.id === displays.selectedId)
  return (
    <Menu
      focusAfter={focusPicture}
      trigger={
        <ToolButton label={strings.display}>
          <Monitor aria-hidden size={15} />
          <span className="max-w-32 truncate">{selected?.name ?? strings.allDisplays}</span>
        </ToolButton>
      }
    >
      <MenuChoice
        value={displays.selectedId}
        onChange={displayId => peer.peer.sendControl({ type: 'select-display', displayId })}
        options={[
          ...displays.displays.map(display => ({
            value: display.id,
            label: display.name,
            note: strings.displaySize(display.width, display.height),
          })),
          { value: ALL_DISPLAYS, label: strings.allDisplays, note: strings.allDisplaysHint },
        ]}
      />
      <MenuLine />
      <MenuItem onSelect={() => void openWindows(() => openOthers(app, ticket, peer, displays))}>
        <span>
          {strings.ownWindows}
          <span className="block text-xs text-muted">{strings.ownWindowsHint}</span>
        </span>
      </MenuItem>
    </Menu>
  )
}

/** This window keeps the display that it shows, or takes the first where it shows all. */
async function openOthers(
  app: ReturnType<typeof useApp>,
  ticket: string,
  { peer }: PeerView,
  { displays, selectedId }: NonNullable<PeerView['displays']>,
): Promise<void> {
  const own = displays.find(display => display.id === selectedId) ?? displays[0]
  if (own && own.id !== selectedId) peer.sendControl({ type: 'select-display', displayId: own.id })
  await Promise.all(displays.filter(display => display !== own).map(display => app.openDisplayWindow(ticket, display)))
}

import { Building2, FileTerminal, Monitor, Search } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { ToolButton } from '../../components/tool-button.tsx'
import { isScriptsOnly } from '../../stores/admin/pages.ts'
import { Admin } from '../admin/admin.tsx'
import { useAdminState } from '../admin/admin-context.ts'
import { strings as adminStrings } from '../admin/strings.ts'
import { useApp, useReady, useUi } from '../app-context.ts'
import { ApprovalsButton } from '../approvals/approvals-button.tsx'
import { ApprovalsDialog } from '../approvals/approvals-dialog.tsx'
import { ConnectDialog } from '../devices/connect-dialog.tsx'
import { Devices } from '../devices/devices.tsx'
import { FullScreenProvider, useFullScreenState } from '../full-screen-context.ts'
import { KeysDialog } from '../keys/keys-dialog.tsx'
import { CommandPalette } from '../palette/command-palette.tsx'
import { PassDialog } from '../passes/pass-dialog.tsx'
import { SessionView } from '../session/session-view.tsx'
import { WatchDialog } from '../watches/watch-dialog.tsx'
import { WatchesButton } from '../watches/watches-button.tsx'
import { WatchesDialog } from '../watches/watches-dialog.tsx'
import { AccountMenu } from './account-menu.tsx'
import { CloseDialog } from './close-dialog.tsx'
import { selectQuietly } from './select-quietly.ts'
import { SessionTabHandle } from './session-tab-handle.tsx'
import { strings } from './strings.ts'
import { useShortcuts } from './use-shortcuts.ts'

const HANDLE =
  'flex h-8 min-w-0 items-center gap-2 rounded-md px-3 text-sm text-muted hover:bg-hover data-[state=active]:bg-surface data-[state=active]:font-medium data-[state=active]:text-text data-[state=active]:shadow-[0_0_0_1px_var(--line)]'

/** The signed-in window: tabs at the top, one view under them, at most one dialog over them. */
export function Shell() {
  const app = useApp()
  const chosen = useUi(state => state.selected)
  const sessions = useReady(state => state.sessions)
  const fullScreen = useFullScreenState()
  const isAdmin = useAdminState(state => state.pages.length > 0)
  const isScripts = useAdminState(state => isScriptsOnly(state.pages))
  const AdminIcon = isScripts ? FileTerminal : Building2
  // Somebody may lose the right to administer while they do it.
  const selected = chosen === 'admin' && !isAdmin ? 'devices' : chosen
  useShortcuts(fullScreen)
  return (
    <FullScreenProvider value={fullScreen}>
      <Tabs.Root
        value={selected}
        onValueChange={value => app.ui.setState({ selected: value })}
        className="flex h-full flex-col"
      >
        <header
          className={fullScreen.isOn ? 'hidden' : 'flex h-11 shrink-0 items-center gap-1 border-b border-line px-2'}
        >
          <Tabs.List aria-label={strings.tabs} className="flex min-w-0 flex-1 items-center gap-1">
            <Tabs.Trigger
              value="devices"
              onMouseDown={event => selectQuietly(event, () => app.ui.setState({ selected: 'devices' }))}
              className={HANDLE}
            >
              <Monitor aria-hidden size={15} className="shrink-0" />
              {strings.devices}
            </Tabs.Trigger>
            {isAdmin ? (
              <Tabs.Trigger
                value="admin"
                onMouseDown={event => selectQuietly(event, () => app.ui.setState({ selected: 'admin' }))}
                className={HANDLE}
              >
                <AdminIcon aria-hidden size={15} className="shrink-0" />
                {isScripts ? adminStrings.sections.scripts : adminStrings.title}
              </Tabs.Trigger>
            ) : null}
            {sessions.map(tab => (
              <SessionTabHandle key={tab.ticket} tab={tab} className={HANDLE} />
            ))}
          </Tabs.List>
          <WatchesButton />
          <ApprovalsButton />
          <ToolButton
            label={strings.palette}
            shortcut="Ctrl + K"
            className="h-8 min-w-8"
            onClick={() => app.ui.setState({ dialog: { name: 'palette' } })}
          >
            <Search aria-hidden size={15} />
          </ToolButton>
          <AccountMenu />
        </header>
        <main className="min-h-0 flex-1">
          <Tabs.Content forceMount value="devices" tabIndex={-1} className="h-full data-[state=inactive]:hidden">
            <Devices />
          </Tabs.Content>
          {isAdmin ? (
            <Tabs.Content value="admin" tabIndex={-1} className="h-full data-[state=inactive]:hidden">
              <Admin />
            </Tabs.Content>
          ) : null}
          {sessions.map(tab => (
            <Tabs.Content
              key={tab.ticket}
              forceMount
              value={tab.ticket}
              tabIndex={-1}
              className="h-full data-[state=inactive]:hidden"
            >
              <SessionView ticket={tab.ticket} />
            </Tabs.Content>
          ))}
        </main>
      </Tabs.Root>
      <OpenDialog />
    </FullScreenProvider>
  )
}

function OpenDialog() {
  const dialog = useUi(state => state.dialog)
  const pass = useReady(state => state.pass)
  if (pass) return <PassDialog pass={pass} />
  if (dialog?.name === 'connect') return <ConnectDialog key={dialog.deviceId} {...dialog} />
  if (dialog?.name === 'close-live') return <CloseDialog key={dialog.ticket} ticket={dialog.ticket} />
  if (dialog?.name === 'palette') return <CommandPalette />
  if (dialog?.name === 'approvals') return <ApprovalsDialog />
  if (dialog?.name === 'keys') return <KeysDialog />
  if (dialog?.name === 'watches') return <WatchesDialog />
  if (dialog?.name === 'watch') return <WatchDialog key={dialog.watch.sessionId} watch={dialog.watch} />
  return null
}

import type { SessionTab } from '#ipc/operator.ts'
import { isLive } from '#protocol/session/machine.ts'
import type { DeviceView } from '#protocol/wire/views.ts'
import type { OperatorApp } from '../../stores/operator-app.ts'
import { preferencesOf, type SessionPreferences, setPreferences } from '../../stores/ui-store.ts'
import { strings as adminStrings } from '../admin/strings.ts'
import type { FullScreen } from '../full-screen-context.ts'
import { requestClose } from '../shell/request-close.ts'
import { paletteStrings as strings } from '../shell/strings.ts'

export interface Command {
  readonly id: string
  readonly title: string
  readonly shortcut?: string
  readonly run: () => void
}

/** Everything that can be done now; what can't isn't there. `devices` are those that were found. The shown session's commands come first. */
export function commandsOf(app: OperatorApp, fullScreen: FullScreen, devices: readonly DeviceView[]): Command[] {
  const main = app.main.getState()
  if (main.name !== 'ready') return []
  const { selected } = app.ui.getState()
  const current = main.sessions.find(tab => tab.ticket === selected)
  const select = (ticket: string) => app.ui.setState({ selected: ticket })
  const inSession = new Set(main.sessions.filter(tab => tab.state.name !== 'closed').map(tab => tab.deviceId))
  return [
    ...(current ? sessionCommands(app, fullScreen, current) : []),
    { id: 'devices', title: strings.goToDevices, shortcut: 'Ctrl + 1', run: () => select('devices') },
    ...main.sessions
      .filter(tab => tab !== current)
      .map(tab => ({
        id: `go-${tab.ticket}`,
        title: strings.goTo(tab.deviceName),
        ...shortcutOf(main.sessions.indexOf(tab)),
        run: () => select(tab.ticket),
      })),
    ...app.admin.store.getState().pages.map(page => ({
      id: `admin-${page}`,
      title: adminStrings.goTo(adminStrings.pages[page]),
      run: () => {
        app.admin.show(page)
        select('admin')
      },
    })),
    ...devices
      .filter(device => !inSession.has(device.id))
      .map(device => ({
        id: `connect-${device.id}`,
        title: strings.connectTo(device.name),
        run: () =>
          app.ui.setState({ dialog: { name: 'connect', deviceId: device.id, deviceName: device.name, device } }),
      })),
    { id: 'keys', title: strings.keys, run: () => app.ui.setState({ dialog: { name: 'keys' } }) },
    { id: 'refresh', title: strings.refresh, run: () => app.devices.refresh() },
    { id: 'sign-out', title: strings.signOut, run: () => void app.signOut().catch(() => undefined) },
  ]
}

const shortcutOf = (index: number) => (index < 8 ? { shortcut: `Ctrl + ${index + 2}` } : {})

function sessionCommands(app: OperatorApp, fullScreen: FullScreen, tab: SessionTab): Command[] {
  const close = {
    id: 'close',
    title: strings.close(tab.deviceName),
    shortcut: 'Ctrl + W',
    run: () => requestClose(app, tab),
  }
  if (!isLive(tab.state)) return [close]
  const preferences = preferencesOf(app.ui.getState(), tab.ticket)
  const change = (part: Partial<SessionPreferences>) => () => setPreferences(app.ui, tab.ticket, part)
  const view = app.peers.getState()[tab.ticket]
  const displays = view?.displays
  const { zoom, keyboardMode, sendsLocalShortcuts, isPanelOpen } = preferences
  const keyboard: Command[] = [
    keyboardMode === 'physical'
      ? { id: 'text', title: strings.text, run: change({ keyboardMode: 'text' }) }
      : { id: 'physical', title: strings.physical, run: change({ keyboardMode: 'physical' }) },
    {
      id: 'local-shortcuts',
      title: sendsLocalShortcuts ? strings.localShortcutsOff : strings.localShortcutsOn,
      run: change({ sendsLocalShortcuts: !sendsLocalShortcuts }),
    },
  ]
  return [
    zoom === 'fit'
      ? { id: 'actual', title: strings.actual, run: change({ zoom: 'actual' }) }
      : { id: 'fit', title: strings.fit, run: change({ zoom: 'fit' }) },
    { id: 'full-screen', title: strings.fullScreen, shortcut: 'F11', run: () => fullScreen.toggle() },
    {
      id: 'panel',
      title: isPanelOpen ? strings.panelClose : strings.panelOpen,
      run: change({ isPanelOpen: !isPanelOpen }),
    },
    ...(tab.scopes.includes('control') ? keyboard : []),
    ...(displays?.displays ?? [])
      .filter(display => display.id !== displays?.selectedId)
      .map(display => ({
        id: `display-${display.id}`,
        title: strings.display(display.name),
        run: () => void view?.peer.sendControl({ type: 'select-display', displayId: display.id }),
      })),
    {
      id: 'end',
      title: strings.end(tab.deviceName),
      // What fails here is shown by the session's own tab.
      run: () => void app.endSession(tab.ticket).catch(() => undefined),
    },
    close,
  ]
}

/** The words that name a device: not those of what is done with one. All of them where nothing else is left. */
export function deviceWords(query: string): string {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const phrase = strings.connectTo('').toLowerCase()
  const own = words.filter(word => !phrase.includes(word))
  return (own.length > 0 ? own : words).join(' ').slice(0, 100)
}

const SHOWN_MAX = 50

/** Commands whose title has every word of the query; the earlier the first word stands, the higher. */
export function matchCommands(commands: readonly Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const [first = ''] = words
  return commands
    .filter(command => words.every(word => command.title.toLowerCase().includes(word)))
    .map((command, order) => ({ command, at: command.title.toLowerCase().indexOf(first), order }))
    .sort((a, b) => a.at - b.at || a.order - b.order)
    .slice(0, SHOWN_MAX)
    .map(({ command }) => command)
}

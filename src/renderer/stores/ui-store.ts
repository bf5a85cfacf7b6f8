import { createStore, type StoreApi } from 'zustand/vanilla'
import type { SessionTab } from '#ipc/operator.ts'
import type { HelpTaken } from '#protocol/help/http.ts'
import type { PictureSettings } from '#protocol/peer/control.ts'
import type { ProcessRef } from '#protocol/tools/messages.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import type { WatchView } from '#protocol/tools/watch/http.ts'
import type { DeviceView } from '#protocol/wire/views.ts'
import type { Zoom } from '../session/geometry.ts'
import type { KeyboardMode } from '../session/keyboard.ts'

/** How one session is shown; kept while its tab lives. */
export interface SessionPreferences {
  readonly zoom: Zoom
  readonly keyboardMode: KeyboardMode
  readonly sendsLocalShortcuts: boolean
  readonly isPanelOpen: boolean
  readonly isChatOpen: boolean
  /** The tool that is open under the picture. */
  readonly tool: Tool | null
  /** The shell that is opened next begins where this process works. */
  readonly shellAt: ProcessRef | null
  /** A shell's recordings stand in the place of its terminals. */
  readonly isReplaying: boolean
  /** The terminals that were looked at last, of each tool. */
  readonly terminals: Readonly<Partial<Record<Tool, readonly number[]>>>
  /** What the picture should be good at, as the agent is told. */
  readonly picture: Omit<PictureSettings, 'type'>
}

export const DEFAULT_PREFERENCES: SessionPreferences = {
  zoom: 'fit',
  keyboardMode: 'physical',
  sendsLocalShortcuts: false,
  isPanelOpen: false,
  isChatOpen: false,
  tool: null,
  shellAt: null,
  isReplaying: false,
  terminals: {},
  picture: { preset: 'automatic' },
}

/** At most one dialog is open in the window. */
export type OpenDialog =
  /** `device` where it is known, `help`: what the person at the device asked for. */
  | {
      readonly name: 'connect'
      readonly deviceId: string
      readonly deviceName: string
      readonly device?: DeviceView
      readonly help?: HelpTaken
    }
  | { readonly name: 'close-live'; readonly ticket: string }
  | { readonly name: 'palette' }
  | { readonly name: 'approvals' }
  | { readonly name: 'keys' }
  | { readonly name: 'watches' }
  | { readonly name: 'watch'; readonly watch: WatchView }

/** What this window itself decides; nothing of it is known to main. */
export interface UiState {
  readonly selected: 'devices' | 'admin' | string
  readonly dialog: OpenDialog | null
  readonly preferences: Readonly<Record<string, SessionPreferences>>
}

export type UiStore = StoreApi<UiState>

export function createUiStore(): UiStore {
  return createStore<UiState>(() => ({ selected: 'devices', dialog: null, preferences: {} }))
}

export const preferencesOf = (state: UiState, ticket: string): SessionPreferences =>
  state.preferences[ticket] ?? DEFAULT_PREFERENCES

export function setPreferences(store: UiStore, ticket: string, change: Partial<SessionPreferences>): void {
  store.setState(state => ({
    preferences: { ...state.preferences, [ticket]: { ...preferencesOf(state, ticket), ...change } },
  }))
}

/** Follows main's list of tabs: what belongs to a tab that is gone goes, and its neighbour is selected. */
export function reconcileTabs(store: UiStore, before: readonly SessionTab[], now: readonly SessionTab[]): void {
  const alive = new Set(now.map(tab => tab.ticket))
  const state = store.getState()
  const keep = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(record).filter(([ticket]) => alive.has(ticket)))
  store.setState({ preferences: keep(state.preferences) })
  if (state.dialog?.name === 'close-live' && !alive.has(state.dialog.ticket)) store.setState({ dialog: null })
  const gone = before.filter(tab => !alive.has(tab.ticket)).map(tab => tab.ticket)
  if (gone.includes(state.selected)) {
    const position = before.findIndex(tab => tab.ticket === state.selected)
    store.setState({ selected: now[Math.min(position, now.length - 1)]?.ticket ?? 'devices' })
  }
}

import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { SessionTab } from '#ipc/operator.ts'
import type { SessionChat } from '../stores/chat-store.ts'
import type { OperatorApp } from '../stores/operator-app.ts'
import type { OperatorState } from '../stores/operator-store.ts'
import type { PeerView } from '../stores/peer-store.ts'
import { preferencesOf, type SessionPreferences, type UiState } from '../stores/ui-store.ts'

export const AppContext = createContext<OperatorApp | null>(null)

export function useApp(): OperatorApp {
  const app = useContext(AppContext)
  if (!app) throw new Error('This view stands outside of AppContext.')
  return app
}

export const useMain = <T>(select: (state: OperatorState) => T): T => useStore(useApp().main, select)

type Ready = Extract<OperatorState, { name: 'ready' }>

/** For views that are shown once main's state is here. */
export const useReady = <T>(select: (state: Ready) => T): T =>
  useMain(state => {
    if (state.name !== 'ready') throw new Error('This view is shown before its state is here.')
    return select(state)
  })

export const useUi = <T>(select: (state: UiState) => T): T => useStore(useApp().ui, select)

export const usePreferences = (ticket: string): SessionPreferences => useUi(state => preferencesOf(state, ticket))

export const usePeer = (ticket: string): PeerView | undefined => useStore(useApp().peers, peers => peers[ticket])

export const useChat = (ticket: string): SessionChat | undefined => useStore(useApp().chats, chats => chats[ticket])

export const useTab = (ticket: string): SessionTab | undefined =>
  useReady(state => state.sessions.find(tab => tab.ticket === ticket))

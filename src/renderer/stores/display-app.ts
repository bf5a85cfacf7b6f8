import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Bridge } from '#ipc/contract.ts'
import type { DisplayContract } from '#ipc/display.ts'
import type { SessionTab } from '#ipc/operator.ts'
import { createPeers, type PeerParts, type PeerStore } from './peer-store.ts'
import { type Refusal, refusalOf } from './refusal.ts'

export type DisplayState =
  | { readonly name: 'loading' }
  | { readonly name: 'failed'; readonly refusal: Refusal }
  | { readonly name: 'ready'; readonly tab: SessionTab; readonly displayName: string }

/** What the window of one display reads and does. */
export interface DisplayApp {
  readonly state: StoreApi<DisplayState>
  readonly peers: PeerStore
  setFullScreen(on: boolean): Promise<void>
  /** Idempotent. */
  close(): void
}

export function createDisplayApp(bridge: Bridge<DisplayContract>, parts?: Partial<PeerParts>): DisplayApp {
  const state: DisplayApp['state'] = createStore<DisplayState>(() => ({ name: 'loading' }))
  const peers = createPeers(bridge, parts)
  let newest: SessionTab | undefined
  const stopTab = bridge.on.tabChanged(tab => {
    newest = tab
    const now = state.getState()
    if (now.name === 'ready') state.setState({ ...now, tab }, true)
  })
  const load = async () => {
    try {
      const { tab, displayName, paths } = await bridge.call.snapshot(undefined)
      if (paths) peers.setPaths(paths)
      state.setState({ name: 'ready', displayName, tab: newest ?? tab }, true)
    } catch (thrown) {
      state.setState({ name: 'failed', refusal: refusalOf(thrown) }, true)
    }
  }
  void load()
  return {
    state,
    peers: peers.store,
    setFullScreen: on => bridge.call.setFullScreen({ on }),
    close() {
      stopTab()
      peers.close()
    },
  }
}

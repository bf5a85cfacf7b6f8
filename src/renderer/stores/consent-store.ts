import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ConsentState } from '#ipc/consent.ts'
import { languageOf } from '#protocol/person/language.ts'
import type { ConsentBridge } from './bridge.ts'

export type ConsentStore = StoreApi<ConsentState>

/** Mirrors what main tells the consent window. An event that overtakes the first answer is newer and wins. */
export function followConsent(bridge: ConsentBridge): { store: ConsentStore; loaded: Promise<void>; stop: () => void } {
  const store: ConsentStore = createStore<ConsentState>(() => ({
    name: 'waiting',
    language: languageOf(navigator.language),
  }))
  let isOvertaken = false
  const stop = bridge.on.stateChanged(state => {
    isOvertaken = true
    store.setState(state, true)
  })
  const load = async () => {
    const state = await bridge.call.state(undefined)
    if (!isOvertaken) store.setState(state, true)
  }
  return { store, loaded: load(), stop }
}

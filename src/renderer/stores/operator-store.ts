import { createStore, type StoreApi } from 'zustand/vanilla'
import type { CallResult } from '#ipc/contract.ts'
import type { OperatorContract } from '#ipc/operator.ts'
import type { OperatorBridge } from './bridge.ts'
import { type Refusal, refusalOf } from './refusal.ts'

type Snapshot = CallResult<OperatorContract, 'snapshot'>

/** Main's state as this window last heard it. Views read it; only `followMain` writes it. */
export type OperatorState =
  | { readonly name: 'loading' }
  | { readonly name: 'failed'; readonly refusal: Refusal }
  | ({ readonly name: 'ready' } & Snapshot)

export type OperatorStore = StoreApi<OperatorState>

export const createOperatorStore = (): OperatorStore => createStore<OperatorState>(() => ({ name: 'loading' }))

/**
 * Mirrors main into `store` until the returned function is called. Events that overtake the snapshot are newer than it and win.
 * Resolves `loaded` once the store is `ready` or `failed`.
 */
export function followMain(bridge: OperatorBridge, store: OperatorStore): { loaded: Promise<void>; stop: () => void } {
  let overtaking: Partial<Snapshot> = {}
  let isStopped = false
  const merge = (slice: Partial<Snapshot>) => {
    const state = store.getState()
    if (state.name === 'ready') store.setState({ ...state, ...slice }, true)
    else overtaking = { ...overtaking, ...slice }
  }
  const subscriptions = [
    bridge.on.authChanged(auth => merge({ auth })),
    bridge.on.linkChanged(link => merge({ link })),
    bridge.on.sessionsChanged(sessions => merge({ sessions })),
    bridge.on.helpChanged(help => merge({ help })),
    bridge.on.approvalsChanged(approvals => merge({ approvals })),
    bridge.on.watchesChanged(watches => merge({ watches })),
    bridge.on.passChanged(pass => merge({ pass })),
  ]
  const load = async () => {
    try {
      const snapshot = await bridge.call.snapshot(undefined)
      if (isStopped) return
      store.setState({ name: 'ready', ...snapshot, ...overtaking }, true)
    } catch (thrown) {
      if (!isStopped) store.setState({ name: 'failed', refusal: refusalOf(thrown) }, true)
    }
  }
  const stop = () => {
    isStopped = true
    for (const end of subscriptions) end()
  }
  return { loaded: load(), stop }
}

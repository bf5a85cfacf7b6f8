import { createStore, type StoreApi } from 'zustand/vanilla'
import type { CallResult } from '#ipc/contract.ts'
import type { DevicesPatch, OperatorContract } from '#ipc/operator.ts'
import type { OperatorBridge } from './bridge.ts'
import { patchDevices } from './device-patch.ts'
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
  let overtakingPatches: DevicesPatch[] = []
  let isStopped = false
  const merge = (slice: Partial<Snapshot>) => {
    const state = store.getState()
    if (state.name === 'ready') store.setState({ ...state, ...slice }, true)
    else overtaking = { ...overtaking, ...slice }
  }
  const patch = (change: DevicesPatch) => {
    const state = store.getState()
    if (state.name === 'ready') merge({ devices: patchDevices(state.devices, change) })
    else overtakingPatches.push(change)
  }
  const subscriptions = [
    bridge.on.authChanged(auth => merge({ auth })),
    bridge.on.linkChanged(link => merge({ link })),
    bridge.on.devicesChanged(devices => {
      overtakingPatches = []
      merge({ devices })
    }),
    bridge.on.devicesPatched(patch),
    bridge.on.sessionsChanged(sessions => merge({ sessions })),
    bridge.on.helpChanged(help => merge({ help })),
    bridge.on.approvalsChanged(approvals => merge({ approvals })),
  ]
  const load = async () => {
    try {
      const snapshot = await bridge.call.snapshot(undefined)
      if (isStopped) return
      const whole = { ...snapshot, ...overtaking }
      store.setState({ name: 'ready', ...whole, devices: overtakingPatches.reduce(patchDevices, whole.devices) }, true)
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

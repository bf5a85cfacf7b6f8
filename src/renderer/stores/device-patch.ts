import type { DevicesPatch, DevicesState } from '#ipc/operator.ts'

/** The list after a patch. What is changed keeps its place, what is new comes last. */
export function patchDevices(state: DevicesState, { changed, removed }: DevicesPatch): DevicesState {
  const left = new Map(changed.map(device => [device.id, device]))
  const gone = new Set(removed)
  const kept = state.devices
    .filter(({ id }) => !gone.has(id))
    .map(device => {
      const now = left.get(device.id)
      left.delete(device.id)
      return now ?? device
    })
  return { ...state, devices: [...kept, ...left.values()] }
}

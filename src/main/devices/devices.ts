import type { z } from 'zod'
import type { DevicesState } from '#ipc/operator.ts'
import { HandholdError, toWireError } from '#protocol/errors.ts'
import { devicesReplySchema } from '#protocol/records-http.ts'
import type { DeviceView } from '#protocol/wire/views.ts'
import type { Credentials } from '../auth/auth.ts'
import { requestRelay } from '../relay-client/http.ts'
import { type ReadableState, State } from '../state.ts'

const EMPTY: DevicesState = { status: 'loading', error: null, devices: [] }

export interface Devices {
  readonly state: ReadableState<DevicesState>
  /** Asks the relay for the whole list. Never rejects: a failure becomes the state. */
  load(): Promise<void>
  handleChanged(device: DeviceView): void
  handleRemoved(deviceId: string): void
  clear(): void
}

async function loadAll({ origin, token }: Credentials): Promise<DeviceView[]> {
  const all: DeviceView[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const query = new URLSearchParams({ limit: '200', ...(cursor && { cursor }) })
    const page: z.output<typeof devicesReplySchema> = await requestRelay(origin, {
      method: 'GET',
      path: `/v1/devices?${query}`,
      token,
      reply: devicesReplySchema,
    })
    all.push(...page.devices)
    cursor = page.nextCursor
  }
  return all
}

export function setupDevices(credentials: ReadableState<Credentials | undefined>): Devices {
  const state = new State<DevicesState>(EMPTY)

  const update = (change: (devices: readonly DeviceView[]) => DeviceView[]) =>
    state.set({ ...state.get(), devices: change(state.get().devices) })

  return {
    state,

    async load() {
      const current = credentials.get()
      if (!current) return
      state.set({ ...state.get(), status: state.get().devices.length > 0 ? 'ready' : 'loading', error: null })
      try {
        const devices = await loadAll(current)
        if (credentials.get() === current) state.set({ status: 'ready', error: null, devices })
      } catch (thrown) {
        if (credentials.get() !== current) return
        const error = thrown instanceof HandholdError ? thrown.toWire() : toWireError(thrown)
        state.set({ ...state.get(), status: 'failed', error })
      }
    },

    handleChanged(device) {
      update(devices => [...devices.filter(known => known.id !== device.id), device])
    },

    handleRemoved(deviceId) {
      update(devices => devices.filter(known => known.id !== deviceId))
    },

    clear() {
      state.set(EMPTY)
    },
  }
}

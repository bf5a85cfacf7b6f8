import type { z } from 'zod'
import type { CallArgs } from '#ipc/contract.ts'
import type { DevicesPatch, OperatorContract } from '#ipc/operator.ts'
import { HandholdError } from '#protocol/errors.ts'
import { devicesReplySchema } from '#protocol/records-http.ts'
import { deviceReplySchema } from '#protocol/sessions-http.ts'
import type { DeviceView } from '#protocol/wire/views.ts'
import type { Credentials } from '../auth/auth.ts'
import { requestRelay } from '../relay-client/http.ts'
import { queryText } from '../relay-client/query-text.ts'
import type { ReadableState } from '../state.ts'

/** Changes that come within this time are told at once: a network that comes back changes thousands of devices. */
const GATHER_MS = 100
/** More changes at once than this are told as "ask anew": no window shows so many. */
const PATCH_MAX = 500

export interface DeviceListeners {
  readonly onPatch: (patch: DevicesPatch) => void
  readonly onStale: () => void
}

type Page = z.output<typeof devicesReplySchema>

export interface Devices {
  /** One page, as the relay finds it now. Rejects with what the relay refused. */
  list(query: CallArgs<OperatorContract, 'listDevices'>): Promise<Page>
  read(deviceId: string): Promise<z.output<typeof deviceReplySchema>>
  handleChanged(device: DeviceView): void
  handleRemoved(deviceId: string): void
  /** The connection to the relay is there again: nobody told what changed meanwhile. */
  handleConnected(): void
  clear(): void
}

/** The devices that the person may reach. They stay at the relay; the window hears what becomes of single ones. */
export function setupDevices(
  credentials: ReadableState<Credentials | undefined>,
  { onPatch, onStale }: DeviceListeners,
): Devices {
  const ask = async <T>(path: string, reply: z.ZodType<T>): Promise<T> => {
    const current = credentials.get()
    if (!current) throw new HandholdError('unauthenticated', 'Sign in to see the devices.')
    const { origin, token } = current
    return requestRelay(origin, { method: 'GET', path, token, reply })
  }
  let untold = new Map<string, DeviceView | null>()
  let timer: NodeJS.Timeout | undefined

  const forget = () => {
    clearTimeout(timer)
    timer = undefined
    untold = new Map()
  }
  const tell = () => {
    const told = [...untold]
    forget()
    if (told.length > PATCH_MAX) return onStale()
    onPatch({
      changed: told.flatMap(([, device]) => (device ? [device] : [])),
      removed: told.flatMap(([id, device]) => (device ? [] : [id])),
    })
  }
  const put = (id: string, device: DeviceView | null) => {
    untold.set(id, device)
    timer ??= setTimeout(tell, GATHER_MS)
  }

  return {
    list: query => ask(`/v1/devices${queryText(query)}`, devicesReplySchema),
    read: deviceId => ask(`/v1/devices/${deviceId}`, deviceReplySchema),
    handleChanged: device => put(device.id, device),
    handleRemoved: deviceId => put(deviceId, null),
    handleConnected() {
      forget()
      onStale()
    },
    clear: forget,
  }
}

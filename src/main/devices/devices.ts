import type { z } from 'zod'
import type { DevicesPatch, DevicesState } from '#ipc/operator.ts'
import { HandholdError, toWireError } from '#protocol/errors.ts'
import { devicesReplySchema } from '#protocol/records-http.ts'
import type { DeviceView } from '#protocol/wire/views.ts'
import type { Credentials } from '../auth/auth.ts'
import { requestRelay } from '../relay-client/http.ts'
import type { ReadableState } from '../state.ts'

/** What the relay wants between too many requests. */
const SLOWER_MS = 5_000
/** Changes that come within this time are told at once: a network that comes back changes thousands of devices. */
const GATHER_MS = 100

type Wait = (ms: number) => Promise<unknown>
const later: Wait = ms => new Promise(resolve => setTimeout(resolve, ms))

export interface DeviceListeners {
  /** The list as it is now: what there is of it changed its standing. More of it, and changes, come as patches. */
  readonly onList: (state: DevicesState) => void
  readonly onPatch: (patch: DevicesPatch) => void
}

export interface Devices {
  /** The list as it is now. */
  read(): DevicesState
  /** Asks the relay for the whole list. Never rejects: a failure becomes the state. */
  load(): Promise<void>
  handleChanged(device: DeviceView): void
  handleRemoved(deviceId: string): void
  clear(): void
}

type Page = z.output<typeof devicesReplySchema>

/** The list page by page. Where the relay asks to go slower, waits and goes on: thousands of devices are more pages than it gives at once. */
async function* pagesOf(credentials: Credentials, wait: Wait): AsyncGenerator<readonly DeviceView[]> {
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: Page | null = await pageAt(credentials, cursor)
    if (page === null) await wait(SLOWER_MS)
    else {
      yield page.devices
      cursor = page.nextCursor
    }
  }
}

/** Null where the relay asks to go slower. */
async function pageAt({ origin, token }: Credentials, cursor: string): Promise<Page | null> {
  const path = `/v1/devices?${new URLSearchParams({ limit: '200', ...(cursor && { cursor }) })}`
  try {
    return await requestRelay(origin, { method: 'GET', path, token, reply: devicesReplySchema })
  } catch (thrown) {
    if (thrown instanceof HandholdError && thrown.code === 'rate-limited') return null
    throw thrown
  }
}

/** The devices that the person may reach, kept up to date from what the relay says of single ones. */
export function setupDevices(
  credentials: ReadableState<Credentials | undefined>,
  { onList, onPatch }: DeviceListeners,
  wait: Wait = later,
): Devices {
  let known = new Map<string, DeviceView>()
  let standing: Pick<DevicesState, 'status' | 'error'> = { status: 'loading', error: null }
  /** Of what the relay spoke since it was asked for the list: its pages may be older. */
  let since = new Set<string>()
  let untold = new Map<string, DeviceView | null>()
  let timer: NodeJS.Timeout | undefined
  let loads = 0

  const read = (): DevicesState => ({ ...standing, devices: [...known.values()] })
  const tellList = () => {
    forgetUntold()
    onList(read())
  }
  const forgetUntold = () => {
    clearTimeout(timer)
    timer = undefined
    untold = new Map()
  }
  const tellPatch = () => {
    const told = [...untold]
    forgetUntold()
    onPatch({
      changed: told.flatMap(([, device]) => (device ? [device] : [])),
      removed: told.flatMap(([id, device]) => (device ? [] : [id])),
    })
  }
  const put = (id: string, device: DeviceView | null) => {
    if (JSON.stringify(known.get(id) ?? null) === JSON.stringify(device)) return
    if (device) known.set(id, device)
    else known.delete(id)
    untold.set(id, device)
    timer ??= setTimeout(tellPatch, GATHER_MS)
  }
  const handle = (id: string, device: DeviceView | null) => {
    since.add(id)
    put(id, device)
  }
  const stand = (status: DevicesState['status'], error: DevicesState['error'] = null) => {
    if (standing.status === status && error === null) return
    standing = { status, error }
    tellList()
  }

  return {
    read,

    async load() {
      const current = credentials.get()
      if (!current) return
      const own = ++loads
      const isCurrent = () => own === loads && credentials.get() === current
      const listed = new Set<string>()
      since = new Set()
      // What is there stays in sight meanwhile.
      if (known.size === 0) stand('loading')
      try {
        for await (const page of pagesOf(current, wait)) {
          if (!isCurrent()) return
          for (const device of page) {
            listed.add(device.id)
            if (!since.has(device.id)) put(device.id, device)
          }
          stand('ready')
        }
        if (!isCurrent()) return
        for (const id of [...known.keys()]) if (!listed.has(id) && !since.has(id)) put(id, null)
      } catch (thrown) {
        if (isCurrent()) stand('failed', thrown instanceof HandholdError ? thrown.toWire() : toWireError(thrown))
      }
    },

    handleChanged: device => handle(device.id, device),
    handleRemoved: deviceId => handle(deviceId, null),

    clear() {
      loads++
      known = new Map()
      standing = { status: 'loading', error: null }
      tellList()
    },
  }
}

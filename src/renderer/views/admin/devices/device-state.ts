import { Circle, CircleCheck, CircleDot, CircleSlash, Hourglass, type LucideIcon } from 'lucide-react'
import type { DeviceFilter } from '#protocol/records-http.ts'
import type { DeviceView } from '#protocol/wire/views.ts'
import type { StatusTone } from '../../../components/status.tsx'
import { strings } from './device-strings.ts'

export type DeviceState = 'quarantined' | 'pending' | 'busy' | 'online' | 'offline'

/** What can be filtered by, in the order of how much they want an administrator. */
export const DEVICE_STATES: readonly Exclude<DeviceState, 'busy'>[] = ['quarantined', 'pending', 'online', 'offline']

/** How the relay is asked for those of a state. */
export const filterOfState = (state: (typeof DEVICE_STATES)[number]): DeviceFilter =>
  state === 'online' || state === 'offline'
    ? { status: 'active', online: state === 'online' ? 'true' : 'false' }
    : { status: state }

/** The one word for a device: what it may is said before where it is. */
export function deviceStateOf(device: Pick<DeviceView, 'status' | 'busy' | 'online'>): DeviceState {
  if (device.status !== 'active') return device.status
  return device.busy ? 'busy' : device.online ? 'online' : 'offline'
}

export const DEVICE_STATE_LOOKS: Readonly<
  Record<DeviceState, { readonly tone: StatusTone; readonly icon: LucideIcon; readonly word: string }>
> = {
  quarantined: { tone: 'danger', icon: CircleSlash, word: strings.states.quarantined },
  pending: { tone: 'warn', icon: Hourglass, word: strings.states.pending },
  busy: { tone: 'accent', icon: CircleDot, word: strings.busy },
  online: { tone: 'ok', icon: CircleCheck, word: strings.online },
  offline: { tone: 'muted', icon: Circle, word: strings.offline },
}

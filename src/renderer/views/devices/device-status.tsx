import { Circle, CircleCheck, MonitorUp } from 'lucide-react'
import { Status } from '../../components/status.tsx'
import type { DeviceStatus } from './device-order.ts'
import { strings } from './strings.ts'

const LOOKS = {
  busy: { tone: 'accent', icon: MonitorUp },
  online: { tone: 'ok', icon: CircleCheck },
  offline: { tone: 'muted', icon: Circle },
} as const

export function DeviceStatusWord({ status }: { status: DeviceStatus }) {
  return <Status {...LOOKS[status]} word={strings.status[status]} />
}

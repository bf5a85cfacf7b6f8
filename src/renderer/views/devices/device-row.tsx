import { clsx } from 'clsx'
import type { SessionTab } from '#ipc/operator.ts'
import type { DeviceView } from '#protocol/wire/views.ts'
import { Button } from '../../components/button.tsx'
import { Ago } from '../../components/times.tsx'
import { statusOf } from './device-rows.ts'
import { DeviceStatusWord } from './device-status.tsx'
import { CELL, ROW_HEIGHT } from './device-table-layout.ts'
import { strings } from './strings.ts'

export function DeviceRow(props: {
  id: string
  device: DeviceView
  index: number
  isActive: boolean
  /** This window's own session with the device. */
  tab: SessionTab | undefined
  onActivate: (deviceId: string) => void
  onOpen: (deviceId: string) => void
}) {
  const { device, isActive, tab } = props
  const hostname = device.facts.hostname === device.name ? '' : device.facts.hostname
  const cell = `${CELL} border-b border-line`
  return (
    <tr
      id={props.id}
      aria-rowindex={props.index + 2}
      aria-selected={isActive}
      onClick={() => props.onActivate(device.id)}
      onDoubleClick={() => props.onOpen(device.id)}
      className={clsx(isActive ? 'bg-accent-soft' : 'hover:bg-hover')}
      style={{ height: ROW_HEIGHT }}
    >
      <td className={cell}>
        <DeviceStatusWord status={statusOf(device)} />
      </td>
      <td className={cell}>
        <span className="font-medium" title={device.name}>
          {device.name}
        </span>
        {hostname ? <span className="ml-2 text-xs text-muted">{hostname}</span> : null}
      </td>
      <td className={`${cell} text-muted`} title={device.facts.osName}>
        {device.facts.osName}
      </td>
      <td className={`${cell} text-muted`}>
        {device.lastSeenAtMs === null ? strings.neverSeen : <Ago atMs={device.lastSeenAtMs} />}
      </td>
      <td className={`${cell} text-right`}>
        <Button
          isSmall
          tabIndex={-1}
          aria-label={tab ? strings.openFor(device.name) : strings.connectTo(device.name)}
          onClick={event => {
            event.stopPropagation()
            props.onOpen(device.id)
          }}
        >
          {tab ? strings.open : strings.connect}
        </Button>
      </td>
    </tr>
  )
}

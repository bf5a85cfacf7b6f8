import type { DeviceView } from '#protocol/wire/views.ts'
import { Button } from '../../components/button.tsx'
import type { Column } from '../../components/table/columns.ts'
import { Ago } from '../../components/times.tsx'
import { statusOf } from './device-order.ts'
import { DeviceStatusWord } from './device-status.tsx'
import { strings } from './strings.ts'

/** The columns of the operator's list; `isOpen` tells whether this window has a session with the device. */
export const deviceColumns = (
  isOpen: (device: DeviceView) => boolean,
  onOpen: (device: DeviceView) => void,
): readonly Column<DeviceView>[] => [
  {
    key: 'status',
    title: strings.columns.status,
    width: 136,
    isSortable: true,
    render: device => <DeviceStatusWord status={statusOf(device)} />,
  },
  {
    key: 'name',
    title: strings.columns.name,
    isSortable: true,
    hint: ({ name }) => name,
    render: ({ name, facts: { hostname } }) => (
      <>
        <span className="font-medium">{name}</span>
        {hostname === name ? null : <span className="ml-2 text-xs text-muted">{hostname}</span>}
      </>
    ),
  },
  {
    key: 'system',
    title: strings.columns.system,
    width: 240,
    isSortable: true,
    hint: ({ facts }) => facts.osName,
    render: ({ facts }) => <span className="text-muted">{facts.osName}</span>,
  },
  {
    key: 'seen',
    title: strings.columns.lastSeen,
    width: 140,
    isSortable: true,
    render: ({ lastSeenAtMs }) => (
      <span className="text-muted">{lastSeenAtMs === null ? strings.neverSeen : <Ago atMs={lastSeenAtMs} />}</span>
    ),
  },
  {
    key: 'action',
    title: strings.columns.action,
    isTitleHidden: true,
    width: 128,
    isRight: true,
    render: device => {
      const has = isOpen(device)
      const [word, label] = has
        ? [strings.open, strings.openFor(device.name)]
        : device.busy
          ? [strings.join, strings.joinFor(device.name)]
          : [strings.connect, strings.connectTo(device.name)]
      return (
        <Button
          isSmall
          tabIndex={-1}
          aria-label={label}
          onClick={event => {
            event.stopPropagation()
            onOpen(device)
          }}
        >
          {word}
        </Button>
      )
    },
  },
]

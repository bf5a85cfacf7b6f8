import type { DeviceView } from '#protocol/wire/views.ts'
import { Status } from '../../../components/status.tsx'
import type { Column } from '../../../components/table/columns.ts'
import { Ago } from '../../../components/times.tsx'
import { strings as common } from '../strings.ts'
import { DEVICE_STATE_LOOKS, deviceStateOf } from './device-state.ts'
import { strings } from './device-strings.ts'

/** A device with the words that its group goes by. */
export type DeviceRow = DeviceView & { readonly groupPath: string }

export const personText = ({ owner }: DeviceView): string => owner?.userName || owner?.email || ''

export const DEVICE_COLUMNS: readonly Column<DeviceRow>[] = [
  {
    key: 'name',
    title: strings.columns.name,
    render: ({ name, tags }) => (
      <>
        <span className="font-medium">{name}</span>
        {tags.map(tag => (
          <span key={tag} className="ml-2 rounded bg-hover px-1.5 py-0.5 text-xs text-muted">
            {tag}
          </span>
        ))}
      </>
    ),
    hint: ({ name, tags }) => [name, ...tags].join(' · '),
    isSortable: true,
  },
  {
    key: 'status',
    title: strings.columns.state,
    width: 124,
    render: device => <Status {...DEVICE_STATE_LOOKS[deviceStateOf(device)]} />,
    isSortable: true,
  },
  {
    key: 'group',
    title: strings.columns.group,
    render: ({ groupPath }) => <span className="text-muted">{groupPath}</span>,
    hint: ({ groupPath }) => groupPath,
  },
  {
    key: 'system',
    isWide: true,
    title: strings.columns.system,
    width: 190,
    render: ({ facts }) => <span className="text-muted">{facts.osName}</span>,
    hint: ({ facts }) => facts.osName,
    isSortable: true,
  },
  {
    key: 'seen',
    title: strings.columns.seen,
    width: 112,
    render: ({ lastSeenAtMs }) => (
      <span className="text-muted">{lastSeenAtMs === null ? common.never : <Ago atMs={lastSeenAtMs} />}</span>
    ),
    isSortable: true,
  },
]

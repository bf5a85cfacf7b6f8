import { MonitorSmartphone } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Select } from '../../../components/select.tsx'
import type { Selection } from '../../../components/table/selection.tsx'
import { useApp, useReady } from '../../app-context.ts'
import { Centred } from '../../page-states.tsx'
import { useAdmin } from '../admin-context.ts'
import { ListPage } from '../list-page.tsx'
import { groupText } from '../policy/use-policy.ts'
import { type Loaded, loadedOf, useLoaded } from '../use-loaded.ts'
import { type BulkAct, BulkDialog } from './bulk-dialog.tsx'
import { DEVICE_COLUMNS, type DeviceRow, deviceText } from './device-columns.tsx'
import { DeviceDrawer } from './device-drawer.tsx'
import { DEVICE_STATE_LOOKS, DEVICE_STATES, type DeviceState, deviceStateOf } from './device-state.ts'
import { strings } from './device-strings.ts'

const ALL = 'all'

/** Every device that the person looks after, live; acts on one or on many. */
export function AdminDevices() {
  const app = useApp()
  const { call } = useAdmin()
  const { status, error, devices } = useReady(state => state.devices)
  const groups = loadedOf(useLoaded(useCallback(async () => (await call.groups(undefined)).groups, [call])).state)
  const [groupId, setGroupId] = useState(ALL)
  const [state, setState] = useState<DeviceState | typeof ALL>(ALL)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [act, setAct] = useState<BulkAct | null>(null)
  const paths = useMemo(() => new Map(groups?.map(({ id, path }) => [id, path])), [groups])
  const rows = useMemo(() => {
    const within = groupId === ALL ? undefined : paths.get(groupId)
    return devices
      .map((device): DeviceRow => ({ ...device, groupPath: paths.get(device.groupId) ?? '' }))
      .filter(device => within === undefined || isWithin(device.groupPath, within))
      .filter(device => state === ALL || deviceStateOf(device) === state)
  }, [devices, paths, groupId, state])
  // What has gone, or is filtered away, is not acted on.
  const chosen = useMemo(() => rows.filter(({ id }) => picked.has(id)), [rows, picked])
  const ids = useMemo(() => new Set(chosen.map(({ id }) => id)), [chosen])
  const selection: Selection = {
    ids,
    allLabel: strings.selectAll,
    rowLabel: strings.selectOne,
    onToggle: id => setPicked(new Set(ids.has(id) ? [...ids].filter(other => other !== id) : [...ids, id])),
    onAll: all => setPicked(new Set(all)),
  }
  const ask = (kind: BulkAct['kind'], targets: readonly DeviceRow[] = chosen) => setAct({ kind, devices: targets })

  const loaded: Loaded<readonly DeviceRow[]> =
    status === 'failed' && error
      ? { name: 'failed', refusal: error }
      : status === 'loading' && devices.length === 0
        ? { name: 'loading' }
        : { name: 'ready', value: rows }
  return (
    <>
      <ListPage
        title={strings.title}
        searchLabel={strings.search}
        loading={strings.loading}
        count={strings.count}
        rows={loaded}
        columns={DEVICE_COLUMNS}
        keyOf={device => device.id}
        textOf={deviceText}
        firstOrder={FIRST_ORDER}
        selection={selection}
        onReload={() => void app.refreshDevices().catch(() => undefined)}
        bar={
          <div className="flex h-11 items-center gap-2 px-5 pb-3">
            {chosen.length > 0 ? (
              <>
                <span role="status" className="mr-2 font-medium">
                  {strings.selected(chosen.length)}
                </span>
                <Button onClick={() => ask('active')}>{strings.approveOrRelease}</Button>
                <Button onClick={() => ask('quarantined')}>{strings.quarantine}</Button>
                <Button onClick={() => ask('move')}>{strings.move}</Button>
                <Button className="text-danger-text" onClick={() => ask('delete')}>
                  {strings.delete}
                </Button>
                <Button tone="quiet" onClick={() => setPicked(new Set())}>
                  {strings.clear}
                </Button>
              </>
            ) : (
              <>
                <Select
                  label={strings.filterGroup}
                  isLabelHidden
                  className="w-56"
                  value={groupId}
                  onChange={setGroupId}
                  options={[
                    { value: ALL, label: strings.allGroups },
                    ...(groups ?? []).map(({ id, path }) => ({ value: id, label: groupText(path) })),
                  ]}
                />
                <Select
                  label={strings.filterState}
                  isLabelHidden
                  className="w-40"
                  value={state}
                  onChange={setState}
                  options={[
                    { value: ALL, label: strings.allStates },
                    ...DEVICE_STATES.map(value => ({ value, label: DEVICE_STATE_LOOKS[value].word })),
                  ]}
                />
              </>
            )}
          </div>
        }
        empty={
          <Centred icon={<MonitorSmartphone aria-hidden size={28} />} title={strings.emptyTitle}>
            <p className="text-muted">{strings.emptyHint}</p>
          </Centred>
        }
        drawer={(device, close) => (
          <DeviceDrawer key={device.id} device={device} onClose={close} onAct={kind => ask(kind, [device])} />
        )}
      />
      {act ? (
        <BulkDialog
          act={act}
          groups={groups ?? []}
          onClose={() => {
            setAct(null)
            void app.refreshDevices().catch(() => undefined)
          }}
        />
      ) : null}
    </>
  )
}

const FIRST_ORDER = { column: 'name', isDescending: false }

const isWithin = (path: string, group: string): boolean =>
  group === '/' || path === group || path.startsWith(`${group}/`)

import { MonitorSmartphone } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { useApp } from '../../app-context.ts'
import { useDeviceList } from '../../devices/use-device-list.ts'
import { Centred } from '../../page-states.tsx'
import { useDebounced } from '../../use-debounced.ts'
import { type Loaded, loadedOf, useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { ListPage } from '../list-page.tsx'
import { type BulkAct, BulkDialog } from './bulk-dialog.tsx'
import { DEVICE_COLUMNS, type DeviceRow } from './device-columns.tsx'
import { DeviceDrawer } from './device-drawer.tsx'
import { strings } from './device-strings.ts'
import { FilterBar } from './filter-bar.tsx'
import { filterOf, isNarrowed, NO_WISH } from './filter-wish.ts'
import { useSelection } from './use-selection.ts'

/** Every device that the person looks after, live; acts on one or on many. */
export function AdminDevices() {
  const app = useApp()
  const { call } = useAdmin()
  const groups = loadedOf(useLoaded(useCallback(async () => (await call.groups(undefined)).groups, [call])).state)
  const [wish, setWish] = useState(NO_WISH)
  const [act, setAct] = useState<BulkAct | null>(null)
  const { groupId, state, platform, order } = wish
  const query = useDebounced(wish.query)
  const tag = useDebounced(wish.tag)
  const filter = useMemo(
    () => filterOf({ query, groupId, state, platform, tag, order }),
    [query, groupId, state, platform, tag, order],
  )
  const list = useDeviceList(filter)
  const paths = useMemo(() => new Map(groups?.map(({ id, path }) => [id, path])), [groups])
  const loaded = useMemo((): Loaded<readonly DeviceRow[]> => {
    if (list.state.name !== 'ready') return list.state
    const value = list.state.value.map(device => ({ ...device, groupPath: paths.get(device.groupId) ?? '' }))
    return { name: 'ready', value }
  }, [list.state, paths])
  const { chosen, isReading, selection, clear } = useSelection(loadedOf(loaded) ?? NONE, list)
  const ask = (kind: BulkAct['kind'], targets: readonly DeviceRow[] = chosen) => setAct({ kind, devices: targets })

  return (
    <>
      <ListPage
        title={strings.title}
        searchLabel={strings.search}
        loading={strings.loading}
        count={strings.count}
        rows={loaded}
        pages={list}
        columns={DEVICE_COLUMNS}
        keyOf={keyOf}
        textOf={({ name }) => name}
        remote={{
          query: wish.query,
          onQuery: next => setWish({ ...wish, query: next }),
          isNarrowed: isNarrowed(filter),
          onClearFilters: () => setWish({ ...NO_WISH, order }),
          order,
          onOrder: next => setWish({ ...wish, order: next }),
        }}
        selection={selection}
        onReload={() => void list.reload()}
        bar={
          <div className="flex h-11 items-center gap-2 px-5 pb-3">
            {chosen.length > 0 || isReading ? (
              <>
                <span role="status" className="mr-2 font-medium">
                  {isReading ? strings.selectingAll : strings.selected(chosen.length)}
                </span>
                <Button disabled={isReading} onClick={() => ask('active')}>
                  {strings.approveOrRelease}
                </Button>
                <Button disabled={isReading} onClick={() => ask('quarantined')}>
                  {strings.quarantine}
                </Button>
                <Button disabled={isReading} onClick={() => ask('move')}>
                  {strings.move}
                </Button>
                <Button disabled={isReading} className="text-danger-text" onClick={() => ask('delete')}>
                  {strings.delete}
                </Button>
                <Button tone="quiet" onClick={clear}>
                  {strings.clear}
                </Button>
              </>
            ) : (
              <FilterBar wish={wish} filter={filter} groups={groups ?? []} onChange={setWish} />
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
            app.devices.refresh()
          }}
        />
      ) : null}
    </>
  )
}

const NONE: readonly never[] = []
const keyOf = ({ id }: DeviceRow): string => id

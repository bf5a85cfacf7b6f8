import { useCallback, useMemo, useRef, useState } from 'react'
import type { DeviceFilter } from '#protocol/records-http.ts'
import { Button } from '../../../components/button.tsx'
import { Check } from '../../../components/check.tsx'
import { Notice } from '../../../components/notice.tsx'
import { SearchField } from '../../../components/search-field.tsx'
import { Select } from '../../../components/select.tsx'
import { Waiting } from '../../../components/waiting.tsx'
import { useDeviceList } from '../../devices/use-device-list.ts'
import { useDebounced } from '../../use-debounced.ts'
import { loadedOf, useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { groupText } from '../policy/use-policy.ts'
import { runStrings as strings } from './strings.ts'

const ALL = 'all'

/** Some devices, by name or a group at a time. Up to 200 are shown; a search finds the others. */
export function DevicePicker(props: { chosen: ReadonlySet<string>; onChange: (chosen: ReadonlySet<string>) => void }) {
  const { chosen, onChange } = props
  const { call } = useAdmin()
  const groups = loadedOf(useLoaded(useCallback(async () => (await call.groups(undefined)).groups, [call])).state)
  const [query, setQuery] = useState('')
  const [groupId, setGroupId] = useState(ALL)
  const field = useRef<HTMLInputElement>(null)
  const first = useRef<HTMLUListElement>(null)
  const q = useDebounced(query.trim()) || undefined
  const filter = useMemo(
    (): DeviceFilter => ({
      status: 'active',
      ...(q === undefined ? {} : { q }),
      ...(groupId === ALL ? {} : { groupId }),
    }),
    [q, groupId],
  )
  const { state, isCurrent } = useDeviceList(filter)
  const shown = loadedOf(state) ?? []
  // What is still on its way isn't what the person means by what is shown.
  const isSettled = state.name === 'ready' && isCurrent && (query.trim() || undefined) === q
  const toggle = (id: string, isOn: boolean) => {
    const next = new Set(chosen)
    if (isOn) next.add(id)
    else next.delete(id)
    onChange(next)
  }
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium">{strings.devices}</legend>
      <div className="flex items-center gap-2">
        <Select
          label={strings.group}
          isLabelHidden
          className="w-52"
          value={groupId}
          onChange={setGroupId}
          options={[
            { value: ALL, label: strings.allGroups },
            ...(groups ?? []).map(({ id, path }) => ({ value: id, label: groupText(path) })),
          ]}
        />
        <SearchField
          label={strings.find}
          value={query}
          onChange={setQuery}
          onDown={() => first.current?.querySelector('input')?.focus()}
          field={field}
        />
      </div>
      <ul
        ref={first}
        aria-label={strings.devices}
        className="grid h-44 auto-rows-min grid-cols-2 gap-x-4 gap-y-1 overflow-y-auto rounded-md border border-line px-3 py-2"
      >
        {state.name === 'loading' ? <Waiting words={strings.loading} /> : null}
        {state.name === 'failed' ? <Notice tone="danger">{state.refusal.message}</Notice> : null}
        {state.name === 'ready' && shown.length === 0 ? <li className="text-muted">{strings.none}</li> : null}
        {shown.map(({ id, name, online }) => (
          <li key={id} className="min-w-0">
            <Check
              label={online ? name : `${name} (${strings.offline})`}
              isChecked={chosen.has(id)}
              onChange={isOn => toggle(id, isOn)}
            />
          </li>
        ))}
      </ul>
      <div className="flex items-center gap-2">
        <span role="status" className="mr-auto text-muted">
          {strings.chosen(chosen.size)}
        </span>
        <Button
          isSmall
          disabled={!isSettled}
          onClick={() => onChange(new Set([...chosen, ...shown.map(({ id }) => id)]))}
        >
          {strings.chooseShown}
        </Button>
        <Button isSmall tone="quiet" disabled={chosen.size === 0} onClick={() => onChange(new Set())}>
          {strings.clear}
        </Button>
      </div>
    </fieldset>
  )
}

import type { GroupView } from '#protocol/policy/http.ts'
import type { DeviceFilter } from '#protocol/records-http.ts'
import { Select } from '../../../components/select.tsx'
import { groupText } from '../policy/use-policy.ts'
import { DEVICE_STATE_LOOKS, DEVICE_STATES } from './device-state.ts'
import { strings } from './device-strings.ts'
import { ALL, type FilterWish, PLATFORMS, wishOf } from './filter-wish.ts'
import { SavedFilters } from './saved-filters.tsx'

const TAG_MAX = 40

/** What narrows the list beside its search. */
export function FilterBar(props: {
  wish: FilterWish
  /** What the relay is asked for by it. */
  filter: DeviceFilter
  groups: readonly GroupView[]
  onChange: (wish: FilterWish) => void
}) {
  const { wish, filter, groups, onChange } = props
  return (
    <>
      <Select
        label={strings.filterGroup}
        isLabelHidden
        className="w-48"
        value={wish.groupId}
        onChange={groupId => onChange({ ...wish, groupId })}
        options={[
          { value: ALL, label: strings.allGroups },
          ...groups.map(({ id, path }) => ({ value: id, label: groupText(path) })),
        ]}
      />
      <Select
        label={strings.filterState}
        isLabelHidden
        className="w-32"
        value={wish.state}
        onChange={state => onChange({ ...wish, state })}
        options={[
          { value: ALL, label: strings.allStates },
          ...DEVICE_STATES.map(value => ({ value, label: DEVICE_STATE_LOOKS[value].word })),
        ]}
      />
      <Select
        label={strings.filterSystem}
        isLabelHidden
        className="w-32"
        value={wish.platform}
        onChange={platform => onChange({ ...wish, platform })}
        options={[
          { value: ALL, label: strings.allSystems },
          ...PLATFORMS.map(value => ({ value, label: strings.systems[value] })),
        ]}
      />
      <input
        aria-label={strings.filterTag}
        autoComplete="off"
        placeholder={strings.filterTag}
        maxLength={TAG_MAX}
        value={wish.tag}
        onChange={event => onChange({ ...wish, tag: event.target.value })}
        className="h-8 w-32 rounded-md border border-line-strong bg-surface px-2.5 text-sm focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0"
      />
      <div className="flex-1" />
      <SavedFilters filter={filter} onApply={chosen => onChange(wishOf(chosen))} />
    </>
  )
}

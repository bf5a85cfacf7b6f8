import { useCallback, useState } from 'react'
import type { GroupView } from '#protocol/policy/http.ts'
import { Button } from '../../../components/button.tsx'
import { Segmented } from '../../../components/segmented.tsx'
import { FailedPage, LoadingPage } from '../../page-states.tsx'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { ConfirmDialog, type Question } from '../confirm-dialog.tsx'
import { GroupDialog, type GroupDraft } from './group-dialog.tsx'
import { GroupList } from './group-list.tsx'
import { GroupSettings } from './group-settings.tsx'
import { RoleList } from './role-list.tsx'
import { groupStrings as strings } from './strings.ts'

/** The tree of groups, and what the chosen one says about its devices and the people who help them. */
export function Groups() {
  const { call } = useAdmin()
  const load = useCallback(async () => (await call.groups(undefined)).groups, [call])
  const { state, reload } = useLoaded(load)
  const [selectedId, setSelectedId] = useState<string | null>(null)
  if (state.name === 'loading') return <LoadingPage words={strings.loading} />
  if (state.name === 'failed') return <FailedPage message={state.refusal.message} onRetry={() => void reload()} />
  const groups = state.value
  const selected = groups.find(({ id }) => id === selectedId) ?? groups.find(({ path }) => path === '/') ?? groups[0]
  return (
    <section aria-label={strings.title} className="flex min-h-0 min-w-0 flex-1">
      <GroupList groups={groups} selectedId={selected?.id ?? ''} onSelect={setSelectedId} />
      {selected ? (
        <Group key={selected.id} group={selected} groups={groups} onChanged={reload} onSelect={setSelectedId} />
      ) : null}
    </section>
  )
}

function Group(props: {
  group: GroupView
  groups: readonly GroupView[]
  onChanged: () => Promise<void>
  onSelect: (groupId: string | null) => void
}) {
  const { group, groups, onChanged, onSelect } = props
  const { call } = useAdmin()
  const [part, setPart] = useState<'settings' | 'access'>('settings')
  const [draft, setDraft] = useState<GroupDraft | null>(null)
  const [question, setQuestion] = useState<Question | null>(null)
  const isTop = group.parentId === null
  const removal: Question = {
    title: strings.deleteTitle(group.path),
    text: strings.deleteText,
    submit: strings.deleteSubmit,
    busy: strings.deleteBusy,
    act: async () => {
      await call.deleteGroup({ groupId: group.id })
      onSelect(group.parentId)
      await onChanged()
    },
  }
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <header className="flex items-center gap-2 px-5 pt-4 pb-3">
        <h1 data-selectable className="min-w-0 truncate text-lg font-semibold" title={group.path}>
          {isTop ? strings.everything : group.name}
        </h1>
        <span className="min-w-0 truncate text-muted">{isTop ? '' : group.path}</span>
        <div className="flex-1" />
        {isTop ? null : (
          <>
            <Button onClick={() => setDraft({ kind: 'change', group })}>{strings.change}</Button>
            <Button className="text-danger-text" onClick={() => setQuestion(removal)}>
              {strings.delete}
            </Button>
          </>
        )}
        <Button tone="primary" onClick={() => setDraft({ kind: 'add', parent: group })}>
          {strings.add}
        </Button>
      </header>
      <div className="px-5 pb-3">
        <Segmented
          label={strings.partsLabel}
          value={part}
          onChange={setPart}
          options={[
            { value: 'settings', label: strings.parts.settings },
            { value: 'access', label: strings.parts.access },
          ]}
        />
      </div>
      {part === 'settings' ? (
        <GroupSettings group={group} groups={groups} onSelect={onSelect} />
      ) : (
        <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto border-t border-line bg-surface px-5 py-4">
          <p className="text-muted">{strings.accessHint}</p>
          <div className="flex max-w-[520px] flex-col gap-2">
            <RoleList about={{ kind: 'group', id: group.id, name: group.path }} empty={strings.accessNone} />
          </div>
        </div>
      )}
      {draft ? (
        <GroupDialog
          draft={draft}
          groups={groups}
          onClose={() => setDraft(null)}
          onDone={async id => {
            await onChanged()
            onSelect(id)
          }}
        />
      ) : null}
      {question ? <ConfirmDialog question={question} onClose={() => setQuestion(null)} /> : null}
    </div>
  )
}

import { useState } from 'react'
import type { GroupView } from '#protocol/policy/http.ts'
import { Field } from '../../../components/field.tsx'
import { Select } from '../../../components/select.tsx'
import { ActDialog } from '../act-dialog.tsx'
import { useAdmin } from '../admin-context.ts'
import { groupStrings as strings } from './strings.ts'
import { groupText } from './use-policy.ts'

export type GroupDraft =
  | { readonly kind: 'add'; readonly parent: GroupView }
  | { readonly kind: 'change'; readonly group: GroupView }

export function GroupDialog(props: {
  draft: GroupDraft
  groups: readonly GroupView[]
  onClose: () => void
  onDone: (groupId: string) => Promise<void>
}) {
  const { draft, groups, onClose, onDone } = props
  const { call } = useAdmin()
  const before = draft.kind === 'change' ? draft.group : undefined
  const [name, setName] = useState(before?.name ?? '')
  const [parentId, setParentId] = useState(before?.parentId ?? (draft.kind === 'add' ? draft.parent.id : ''))
  const act = async () => {
    if (!before) return onDone((await call.createGroup({ parentId, name: name.trim() })).id)
    const change = {
      ...(name.trim() === before.name ? {} : { name: name.trim() }),
      ...(parentId === before.parentId ? {} : { parentId }),
    }
    if (Object.keys(change).length > 0) await call.changeGroup({ groupId: before.id, change })
    return onDone(before.id)
  }
  return (
    <ActDialog
      title={
        draft.kind === 'add' ? strings.addTitle(groupText(draft.parent.path)) : strings.changeTitle(draft.group.name)
      }
      submit={draft.kind === 'add' ? strings.addSubmit : strings.save}
      busy={strings.saving}
      isReady={name.trim() !== ''}
      act={act}
      onClose={onClose}
    >
      <Field
        label={strings.name}
        autoFocus
        required
        maxLength={60}
        autoComplete="off"
        value={name}
        onChange={event => setName(event.target.value)}
      />
      {before ? (
        <Select
          label={strings.parent}
          hint={strings.parentHint}
          value={parentId}
          onChange={setParentId}
          options={groups
            .filter(({ id }) => id !== before.id)
            .map(({ id, path }) => ({ value: id, label: groupText(path) }))}
        />
      ) : null}
    </ActDialog>
  )
}

import { useState } from 'react'
import { Segmented } from '../../../components/segmented.tsx'
import { Select } from '../../../components/select.tsx'
import { ActDialog } from '../act-dialog.tsx'
import { useAdmin } from '../admin-context.ts'
import { assignmentStrings as strings } from './strings.ts'
import { type About, groupText, type Policy } from './use-policy.ts'

const EVERYBODY = 'everybody'

/** Gives or denies a role to somebody in a group. */
export function AssignDialog(props: { about: About; policy: Policy; onClose: () => void; onDone: () => void }) {
  const { about, policy, onClose, onDone } = props
  const { call } = useAdmin()
  const [effect, setEffect] = useState<'allow' | 'deny'>('allow')
  const [userId, setUserId] = useState(about.kind === 'person' ? about.id : (policy.people[0]?.id ?? ''))
  const [roleId, setRoleId] = useState(about.kind === 'role' ? about.id : 'operator')
  const [groupId, setGroupId] = useState(
    about.kind === 'group' ? about.id : (policy.groups.find(({ parentId }) => parentId === null)?.id ?? ''),
  )
  const people = policy.people.map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` }))
  const everybody = effect === 'deny' ? [{ value: EVERYBODY, label: strings.everybody }] : []
  const act = async () => {
    await call.assign({ userId: userId === EVERYBODY ? null : userId, roleId, groupId, effect })
    onDone()
  }
  return (
    <ActDialog
      title={strings.addTitle(about.name)}
      submit={effect === 'allow' ? strings.allowSubmit : strings.denySubmit}
      busy={strings.addBusy}
      isReady={userId !== '' && roleId !== '' && groupId !== ''}
      act={act}
      onClose={onClose}
    >
      <div className="flex flex-col items-start gap-1">
        <Segmented
          label={strings.effect}
          value={effect}
          onChange={next => {
            setEffect(next)
            if (next === 'allow' && userId === EVERYBODY) setUserId(policy.people[0]?.id ?? '')
          }}
          options={[
            { value: 'allow', label: strings.allow },
            { value: 'deny', label: strings.deny },
          ]}
        />
        <p className="text-xs text-muted">{effect === 'allow' ? strings.allowHint : strings.denyHint}</p>
      </div>
      {about.kind === 'person' ? null : (
        <Select label={strings.person} value={userId} onChange={setUserId} options={[...everybody, ...people]} />
      )}
      {about.kind === 'role' ? null : (
        <Select
          label={strings.role}
          value={roleId}
          onChange={setRoleId}
          options={policy.roles.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      {about.kind === 'group' ? null : (
        <Select
          label={strings.group}
          hint={strings.groupHint}
          value={groupId}
          onChange={setGroupId}
          options={policy.groups.map(({ id, path }) => ({ value: id, label: groupText(path) }))}
        />
      )}
    </ActDialog>
  )
}

import { useCallback, useState } from 'react'
import { enrolmentTokenBodySchema } from '#protocol/enrolment-http.ts'
import { Check } from '../../../components/check.tsx'
import { Field } from '../../../components/field.tsx'
import { NumberField } from '../../../components/number-field.tsx'
import { Select } from '../../../components/select.tsx'
import { loadedOf, useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { MadeOnceDialog } from '../made-once-dialog.tsx'
import { NameField } from '../name-field.tsx'
import { groupText } from '../policy/use-policy.ts'
import { strings } from './enrolment-strings.ts'
import { InstallDialog } from './install-dialog.tsx'

const DAY_S = 24 * 3600
const TOPMOST = 'topmost'

export function TokenDialog({ onClose }: { onClose: () => void }) {
  const { call } = useAdmin()
  const groups = loadedOf(useLoaded(useCallback(async () => (await call.groups(undefined)).groups, [call])).state)
  const [name, setName] = useState('')
  const [maxUses, setMaxUses] = useState('50')
  const [days, setDays] = useState('14')
  const [groupId, setGroupId] = useState(TOPMOST)
  const [networks, setNetworks] = useState('')
  const [approval, setApproval] = useState(false)

  const listed = networks.split(/[\s,]+/).filter(Boolean)
  const areNetworks = enrolmentTokenBodySchema.shape.networks.safeParse(listed).success
  const body = enrolmentTokenBodySchema.safeParse({
    name: name.trim(),
    maxUses: Number(maxUses),
    expiresInS: Number(days) * DAY_S,
    ...(groupId === TOPMOST ? {} : { groupId }),
    networks: listed,
    approval,
  })
  return (
    <MadeOnceDialog
      words={strings}
      body={body}
      make={call.createEnrolmentToken}
      shown={({ token }) => <InstallDialog token={token} onClose={onClose} />}
      onClose={onClose}
    >
      <NameField label={strings.name} note={strings.optional} hint={strings.nameHint} value={name} onChange={setName} />
      <div className="grid grid-cols-2 gap-3">
        <NumberField label={strings.maxUses} min={1} max={100_000} value={maxUses} onChange={setMaxUses} />
        <NumberField label={strings.days} min={1} max={365} value={days} onChange={setDays} />
      </div>
      <Select
        label={strings.group}
        value={groupId}
        onChange={setGroupId}
        options={[
          { value: TOPMOST, label: groupText('/') },
          ...(groups ?? []).filter(({ path }) => path !== '/').map(({ id, path }) => ({ value: id, label: path })),
        ]}
      />
      <Field
        label={strings.networks}
        note={strings.optional}
        hint={areNetworks ? strings.networksHint : strings.networksWrong}
        aria-invalid={!areNetworks}
        maxLength={1000}
        autoComplete="off"
        value={networks}
        onChange={event => setNetworks(event.target.value)}
      />
      <Check label={strings.approval} hint={strings.approvalHint} isChecked={approval} onChange={setApproval} />
    </MadeOnceDialog>
  )
}

import { useCallback, useState } from 'react'
import { type EnrolmentTokenBody, enrolmentTokenBodySchema } from '#protocol/enrolment-http.ts'
import { Check } from '../../../components/check.tsx'
import { Field } from '../../../components/field.tsx'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { Select } from '../../../components/select.tsx'
import { useAdmin } from '../admin-context.ts'
import { groupText } from '../policy/use-policy.ts'
import { strings as common } from '../strings.ts'
import { useAct } from '../use-act.ts'
import { loadedOf, useLoaded } from '../use-loaded.ts'
import { strings } from './enrolment-strings.ts'
import { InstallDialog } from './install-dialog.tsx'

const DAY_S = 24 * 3600
const TOPMOST = 'topmost'

export function TokenDialog({ onClose }: { onClose: () => void }) {
  const { call } = useAdmin()
  const { isBusy, refusal, run } = useAct()
  const groups = loadedOf(useLoaded(useCallback(async () => (await call.groups(undefined)).groups, [call])).state)
  const [name, setName] = useState('')
  const [maxUses, setMaxUses] = useState('50')
  const [days, setDays] = useState('14')
  const [groupId, setGroupId] = useState(TOPMOST)
  const [networks, setNetworks] = useState('')
  const [approval, setApproval] = useState(false)
  const [token, setToken] = useState<string | null>(null)

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
  const submit = (wish: EnrolmentTokenBody) => run(async () => setToken((await call.createEnrolmentToken(wish)).token))
  if (token !== null) return <InstallDialog token={token} onClose={onClose} />
  return (
    <FormDialog
      title={strings.createTitle}
      submit={strings.submit}
      busy={strings.busy}
      cancel={common.cancel}
      isBusy={isBusy}
      isReady={body.success}
      refusal={refusal}
      onSubmit={() => {
        if (body.success) void submit(body.data)
      }}
      onClose={onClose}
    >
      <Field
        label={strings.name}
        note={strings.optional}
        hint={strings.nameHint}
        autoFocus
        maxLength={60}
        autoComplete="off"
        value={name}
        onChange={event => setName(event.target.value)}
      />
      <div className="grid grid-cols-2 gap-3">
        <Field
          label={strings.maxUses}
          type="number"
          min={1}
          max={100_000}
          required
          value={maxUses}
          onChange={event => setMaxUses(event.target.value)}
        />
        <Field
          label={strings.days}
          type="number"
          min={1}
          max={365}
          required
          value={days}
          onChange={event => setDays(event.target.value)}
        />
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
    </FormDialog>
  )
}

import { useState } from 'react'
import { ChoiceCards } from '../../../components/choice-cards.tsx'
import { Field } from '../../../components/field.tsx'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { useAdmin } from '../admin-context.ts'
import { strings as common } from '../strings.ts'
import { useAct } from '../use-act.ts'
import { LinkDialog, type OneTimeLink } from './link-dialog.tsx'
import { strings } from './strings.ts'

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { call } = useAdmin()
  const { isBusy, refusal, run } = useAct()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<'admin' | 'operator'>('operator')
  const [link, setLink] = useState<OneTimeLink | null>(null)
  const submit = () => run(async () => setLink(await call.invite({ email: email.trim(), role })))
  if (link)
    return <LinkDialog kind="invitation" title={strings.linkTitle(email.trim())} link={link} onClose={onClose} />
  return (
    <FormDialog
      title={strings.inviteTitle}
      submit={strings.inviteSubmit}
      busy={strings.inviteBusy}
      cancel={common.cancel}
      isBusy={isBusy}
      isReady={email.trim() !== ''}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <p className="text-muted">{strings.inviteText}</p>
      <Field
        label={strings.email}
        type="email"
        autoComplete="off"
        autoFocus
        required
        maxLength={254}
        value={email}
        onChange={event => setEmail(event.target.value)}
      />
      <ChoiceCards
        label={strings.role}
        value={role}
        onChange={setRole}
        options={[
          { value: 'operator', label: strings.roles.operator, hint: strings.roleHints.operator },
          { value: 'admin', label: strings.roles.admin, hint: strings.roleHints.admin },
        ]}
      />
    </FormDialog>
  )
}

import { useState } from 'react'
import { invitationBodySchema } from '#protocol/identity-http.ts'
import { ChoiceCards } from '../../../components/choice-cards.tsx'
import { Field } from '../../../components/field.tsx'
import { useAdmin } from '../admin-context.ts'
import { MadeOnceDialog } from '../made-once-dialog.tsx'
import { LinkDialog } from './link-dialog.tsx'
import { strings } from './strings.ts'

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { call } = useAdmin()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<'admin' | 'operator'>('operator')
  return (
    <MadeOnceDialog
      words={strings}
      body={invitationBodySchema.safeParse({ email: email.trim(), role })}
      make={call.invite}
      shown={made => (
        <LinkDialog kind="invitation" title={strings.linkTitle(made.invitation.email)} link={made} onClose={onClose} />
      )}
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
    </MadeOnceDialog>
  )
}

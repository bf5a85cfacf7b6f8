import { useState } from 'react'
import { PASSPHRASE_MIN } from '#ipc/admin/trust.ts'
import { Field } from '../../../components/field.tsx'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { useAdmin } from '../admin-context.ts'
import { strings as common } from '../strings.ts'
import { useAct } from '../use-act.ts'
import { backup as words } from './strings.ts'

export function BackupDialog({ onClose }: { onClose: () => void }) {
  const { call } = useAdmin()
  const { isBusy, refusal, run } = useAct()
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const isSame = passphrase === again
  const submit = () =>
    run(async () => {
      if (await call.saveOrganisationBackup({ passphrase })) onClose()
    })
  return (
    <FormDialog
      title={words.title}
      submit={words.submit}
      busy={words.busy}
      cancel={common.cancel}
      isBusy={isBusy}
      isReady={passphrase.length >= PASSPHRASE_MIN && isSame}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <p className="text-muted">{words.text}</p>
      <Field
        label={words.passphrase}
        hint={words.passphraseHint}
        type="password"
        autoComplete="new-password"
        autoFocus
        maxLength={128}
        value={passphrase}
        onChange={event => setPassphrase(event.target.value)}
      />
      <Field
        label={words.again}
        {...(again !== '' && !isSame ? { hint: words.differ } : {})}
        type="password"
        autoComplete="new-password"
        maxLength={128}
        value={again}
        onChange={event => setAgain(event.target.value)}
      />
    </FormDialog>
  )
}

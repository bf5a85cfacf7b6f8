import { useState } from 'react'
import { PASSPHRASE_MIN } from '#ipc/admin/trust.ts'
import { Field } from '../../../components/field.tsx'
import { ActDialog } from '../act-dialog.tsx'
import { useAdmin } from '../admin-context.ts'
import { backup as words } from './strings.ts'

export function BackupDialog({ onClose }: { onClose: () => void }) {
  const { call } = useAdmin()
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const isSame = passphrase === again
  const act = async () => Boolean(await call.saveOrganisationBackup({ passphrase }))
  return (
    <ActDialog
      title={words.title}
      submit={words.submit}
      busy={words.busy}
      isReady={passphrase.length >= PASSPHRASE_MIN && isSame}
      act={act}
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
    </ActDialog>
  )
}

import { useState } from 'react'
import type { CertifiedApp } from '#ipc/admin/trust.ts'
import { Check } from '../../../components/check.tsx'
import { Field } from '../../../components/field.tsx'
import { NumberField } from '../../../components/number-field.tsx'
import { ActDialog } from '../act-dialog.tsx'
import { useAdmin } from '../admin-context.ts'
import { certify as words } from './strings.ts'

const DAYS_MAX = 90

/** Makes or renews a certificate. For an app that isn't known the words are typed, which the person reads out: what the relay shows isn't asked. */
export function CertifyDialog({ app, onClose }: { app: CertifiedApp; onClose: () => void }) {
  const { call } = useAdmin()
  const [typed, setTyped] = useState('')
  const [days, setDays] = useState('30')
  const [tools, setTools] = useState(app.tools)
  const [unattended, setUnattended] = useState(app.unattended)
  const isKnown = app.isThisApp || app.state === 'valid'
  const count = Number(days)
  const isReady = Number.isInteger(count) && count >= 1 && count <= DAYS_MAX && (isKnown || typed.trim() !== '')
  const act = () => {
    const { operator, thumbprint } = app
    const wish = { operatorId: operator.id, thumbprint, days: count, tools, unattended }
    return call.certifyApp({ ...wish, words: isKnown ? null : typed.slice(0, 120) })
  }
  return (
    <ActDialog
      title={words.title(app.operator.name, app.computer)}
      submit={words.submit}
      busy={words.busy}
      isReady={isReady}
      act={act}
      onClose={onClose}
    >
      {isKnown ? null : (
        <Field
          label={words.words}
          hint={words.wordsHint}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          maxLength={120}
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
      )}
      <NumberField label={words.days} min={1} max={DAYS_MAX} value={days} onChange={setDays} />
      <div className="flex flex-col gap-2">
        <Check label={words.tools} isChecked={tools} onChange={setTools} />
        <Check label={words.unattended} isChecked={unattended} onChange={setUnattended} />
      </div>
    </ActDialog>
  )
}

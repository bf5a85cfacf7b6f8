import { useState } from 'react'
import { API_SCOPES, type ApiScope } from '#protocol/api-scopes.ts'
import { apiKeyBodySchema } from '#protocol/identity-http.ts'
import { Check } from '../../../components/check.tsx'
import { Field } from '../../../components/field.tsx'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { useAdmin } from '../admin-context.ts'
import { SecretDialog } from '../secret-dialog.tsx'
import { strings as common } from '../strings.ts'
import { useAct } from '../use-act.ts'
import { SCOPE_WORDS, strings } from './strings.ts'

export function KeyDialog({ onClose }: { onClose: () => void }) {
  const { call } = useAdmin()
  const { isBusy, refusal, run } = useAct()
  const [name, setName] = useState('')
  const [days, setDays] = useState('90')
  const [scopes, setScopes] = useState<readonly ApiScope[]>(['devices:read'])
  const [key, setKey] = useState<string | null>(null)
  const body = apiKeyBodySchema.safeParse({
    name,
    expiresInDays: Number(days),
    scopes: API_SCOPES.filter(scope => scopes.includes(scope)),
  })
  const submit = () =>
    run(async () => {
      if (body.success) setKey((await call.createApiKey(body.data)).key)
    })
  if (key !== null)
    return (
      <SecretDialog title={strings.madeTitle(name.trim())} secret={key} warning={strings.warning} onClose={onClose}>
        <p className="mt-3 text-muted">
          {strings.use} <code className="font-mono text-xs">authorization: Bearer …</code>
        </p>
      </SecretDialog>
    )
  return (
    <FormDialog
      title={strings.createTitle}
      submit={strings.submit}
      busy={strings.busy}
      cancel={common.cancel}
      isBusy={isBusy}
      isReady={body.success}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Field
        label={strings.name}
        hint={strings.nameHint}
        autoFocus
        required
        maxLength={60}
        autoComplete="off"
        value={name}
        onChange={event => setName(event.target.value)}
      />
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 font-medium">{strings.scopes}</legend>
        {API_SCOPES.map(scope => (
          <Check
            key={scope}
            label={SCOPE_WORDS[scope]}
            isChecked={scopes.includes(scope)}
            onChange={isOn => setScopes(isOn ? [...scopes, scope] : scopes.filter(other => other !== scope))}
          />
        ))}
      </fieldset>
      <Field
        label={strings.days}
        type="number"
        min={1}
        max={365}
        required
        value={days}
        onChange={event => setDays(event.target.value)}
      />
    </FormDialog>
  )
}

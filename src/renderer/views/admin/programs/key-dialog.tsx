import { useState } from 'react'
import { API_SCOPES, type ApiScope } from '#protocol/api-scopes.ts'
import { apiKeyBodySchema } from '#protocol/identity-http.ts'
import { NumberField } from '../../../components/number-field.tsx'
import { useAdmin } from '../admin-context.ts'
import { ChecksField } from '../checks-field.tsx'
import { MadeOnceDialog } from '../made-once-dialog.tsx'
import { NameField } from '../name-field.tsx'
import { SecretDialog } from '../secret-dialog.tsx'
import { SCOPE_WORDS, strings } from './strings.ts'

export function KeyDialog({ onClose }: { onClose: () => void }) {
  const { call } = useAdmin()
  const [name, setName] = useState('')
  const [days, setDays] = useState('90')
  const [scopes, setScopes] = useState<readonly ApiScope[]>(['devices:read'])
  return (
    <MadeOnceDialog
      words={strings}
      body={apiKeyBodySchema.safeParse({ name, expiresInDays: Number(days), scopes })}
      make={call.createApiKey}
      shown={({ key, apiKey }) => (
        <SecretDialog title={strings.madeTitle(apiKey.name)} secret={key} warning={strings.warning} onClose={onClose}>
          <p className="mt-3 text-muted">
            {strings.use} <code className="font-mono text-xs">authorization: Bearer …</code>
          </p>
        </SecretDialog>
      )}
      onClose={onClose}
    >
      <NameField label={strings.name} hint={strings.nameHint} value={name} onChange={setName} />
      <ChecksField label={strings.scopes} all={API_SCOPES} words={SCOPE_WORDS} chosen={scopes} onChange={setScopes} />
      <NumberField label={strings.days} min={1} max={365} value={days} onChange={setDays} />
    </MadeOnceDialog>
  )
}

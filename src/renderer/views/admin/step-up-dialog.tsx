import { useCallback, useState } from 'react'
import { useStore } from 'zustand'
import { Field } from '../../components/field.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { Notice } from '../../components/notice.tsx'
import { useAdmin } from './admin-context.ts'
import { strings, stepUpStrings as words } from './strings.ts'
import { useAct } from './use-act.ts'
import { loadedOf, useLoaded } from './use-loaded.ts'

/** Asks who the person is while an act waits for it; the act then goes on by itself. */
export function StepUpDialog() {
  const isAsking = useStore(useAdmin().stepUp.store, state => state.isAsking)
  return isAsking ? <Asking /> : null
}

function Asking() {
  const { call, stepUp } = useAdmin()
  const security = loadedOf(useLoaded(useCallback(() => call.security(undefined), [call])).state)
  const { isBusy, refusal, run } = useAct()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const needsCode = security?.totp ?? false
  const hasPassword = security?.hasPassword ?? true
  const submit = () =>
    run(async () => {
      await call.stepUp({ password, ...(needsCode ? { code } : {}) })
      stepUp.confirmed()
    })
  return (
    <FormDialog
      title={words.title}
      submit={words.submit}
      busy={words.busy}
      cancel={strings.cancel}
      isBusy={isBusy}
      isReady={hasPassword && password !== '' && (!needsCode || /^\d{6}$/.test(code))}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={stepUp.cancel}
    >
      <p className="text-muted">{words.text}</p>
      {hasPassword ? (
        <Field
          label={words.password}
          type="password"
          autoComplete="current-password"
          autoFocus
          required
          maxLength={1024}
          value={password}
          onChange={event => setPassword(event.target.value)}
        />
      ) : (
        <Notice tone="info">{words.noPassword}</Notice>
      )}
      {needsCode ? (
        <Field
          label={words.code}
          hint={words.codeHint}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={6}
          value={code}
          onChange={event => setCode(event.target.value.replace(/\D/g, ''))}
        />
      ) : null}
    </FormDialog>
  )
}

import { useCallback, useState } from 'react'
import { useStore } from 'zustand'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { useApp } from '../app-context.ts'
import { BrowserCode, isBrowserCode } from '../sign-in/browser-code.tsx'
import { loadedOf, useLoaded } from '../use-loaded.ts'
import { useAdmin } from './admin-context.ts'
import { strings, stepUpStrings as words } from './strings.ts'
import { useAct } from './use-act.ts'

/** Asks who the person is while an act waits for it; the act then goes on by itself. */
export function StepUpDialog() {
  const isAsking = useStore(useAdmin().stepUp.store, state => state.isAsking)
  return isAsking ? <Asking /> : null
}

function Asking() {
  const app = useApp()
  const { call, stepUp } = useAdmin()
  const security = loadedOf(useLoaded(useCallback(() => call.security(undefined), [call])).state)
  const { isBusy, refusal, run, clear } = useAct()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  /** The browser was opened: what counts is the code that it shows. */
  const [isInBrowser, setInBrowser] = useState(false)
  const needsCode = security?.totp ?? false
  const hasPassword = security?.hasPassword ?? true
  const isReady = isInBrowser
    ? isBrowserCode(code)
    : hasPassword && password !== '' && (!needsCode || /^\d{6}$/.test(code))
  const submit = () =>
    run(async () => {
      if (isInBrowser) await app.finishBrowserProof(code)
      else await call.stepUp({ password, ...(needsCode ? { code } : {}) })
      stepUp.confirmed()
    })
  const begin = (isSso: boolean) => {
    clear()
    return run(async () => {
      await app.beginBrowserProof(isSso)
      setCode('')
      setInBrowser(true)
    })
  }
  return (
    <FormDialog
      title={words.title}
      submit={words.submit}
      busy={words.busy}
      cancel={strings.cancel}
      isBusy={isBusy}
      isReady={isReady}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={stepUp.cancel}
    >
      <p className="text-muted">{words.text}</p>
      {isInBrowser ? (
        <BrowserCode code={code} onChange={setCode} />
      ) : (
        <>
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
          ) : null}
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
          <div className="flex gap-2">
            {hasPassword ? null : (
              <Button disabled={isBusy} onClick={() => void begin(true)}>
                {words.sso}
              </Button>
            )}
            {(security?.passkeys ?? 0) > 0 ? (
              <Button disabled={isBusy} onClick={() => void begin(false)}>
                {words.passkey}
              </Button>
            ) : null}
          </div>
        </>
      )}
    </FormDialog>
  )
}

import { useState } from 'react'
import type { AuthState } from '#ipc/operator.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import { useApp, useReady } from '../app-context.ts'
import { useTask } from '../use-task.ts'
import { SignInForm } from './sign-in-form.tsx'
import { strings } from './strings.ts'

export function SignIn({ auth }: { auth: Extract<AuthState, { name: 'signed-out' }> }) {
  const app = useApp()
  const { isBusy, refusal, run } = useTask()
  const [relayUrl, setRelayUrl] = useState(auth.lastRelayUrl)
  const [email, setEmail] = useState(auth.lastEmail)
  const [password, setPassword] = useState('')
  const relay = relayUrl.trim()
  const isPassWaiting = useReady(state => state.pass?.name === 'waiting')
  const firstEmpty = !auth.lastRelayUrl ? 'relay' : !auth.lastEmail ? 'email' : 'password'

  return (
    <SignInForm
      title={strings.title}
      lead={strings.lead}
      submit={strings.submit}
      isBusy={isBusy}
      refusal={refusal?.message ?? null}
      onSubmit={() => void run(() => app.signIn({ relayUrl: relayUrl.trim(), email: email.trim(), password }))}
      foot={
        <div className="mt-1 flex flex-col gap-2 border-t border-line pt-4">
          <p className="text-xs text-muted">{strings.inBrowserHint}</p>
          <div className="grid grid-cols-2 gap-2">
            <Button
              disabled={isBusy || relay === '' || !email.includes('@')}
              onClick={() => void run(() => app.beginBrowserSignIn({ relayUrl: relay, email: email.trim() }))}
            >
              {strings.sso}
            </Button>
            <Button
              disabled={isBusy || relay === ''}
              onClick={() => void run(() => app.beginBrowserSignIn({ relayUrl: relay, email: null }))}
            >
              {strings.passkey}
            </Button>
          </div>
        </div>
      }
    >
      {isPassWaiting ? <Notice tone="info">{strings.passWaits}</Notice> : null}
      <Field
        label={strings.relay}
        hint={strings.relayHint}
        name="relay"
        inputMode="url"
        autoComplete="url"
        spellCheck={false}
        placeholder={strings.relayPlaceholder}
        maxLength={300}
        required
        autoFocus={firstEmpty === 'relay'}
        value={relayUrl}
        onChange={event => setRelayUrl(event.target.value)}
      />
      <Field
        label={strings.email}
        name="email"
        type="email"
        autoComplete="username"
        spellCheck={false}
        maxLength={254}
        required
        autoFocus={firstEmpty === 'email'}
        value={email}
        onChange={event => setEmail(event.target.value)}
      />
      <Field
        label={strings.password}
        name="password"
        type="password"
        autoComplete="current-password"
        maxLength={1024}
        required
        autoFocus={firstEmpty === 'password'}
        value={password}
        onChange={event => setPassword(event.target.value)}
      />
    </SignInForm>
  )
}

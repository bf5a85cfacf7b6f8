import { type FormEvent, useState } from 'react'
import type { AuthState } from '#ipc/operator.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Mark } from '../../components/mark.tsx'
import { Notice } from '../../components/notice.tsx'
import { useApp } from '../app-context.ts'
import { useTask } from '../use-task.ts'
import { strings } from './strings.ts'

export function SignIn({ auth }: { auth: Extract<AuthState, { name: 'signed-out' }> }) {
  const app = useApp()
  const { isBusy, refusal, run } = useTask()
  const [relayUrl, setRelayUrl] = useState(auth.lastRelayUrl)
  const [email, setEmail] = useState(auth.lastEmail)
  const [password, setPassword] = useState('')
  const firstEmpty = !auth.lastRelayUrl ? 'relay' : !auth.lastEmail ? 'email' : 'password'

  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(() => app.signIn({ relayUrl: relayUrl.trim(), email: email.trim(), password }))
  }

  return (
    <main className="grid h-full place-items-center overflow-auto p-6">
      <form onSubmit={submit} aria-busy={isBusy} className="flex w-[360px] flex-col gap-4">
        <header className="mb-2 flex flex-col gap-3">
          <Mark size={36} />
          <div>
            <h1 className="text-xl font-semibold">{strings.title}</h1>
            <p className="text-muted">{strings.lead}</p>
          </div>
        </header>
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
        {refusal ? <Notice tone="danger">{refusal.message}</Notice> : null}
        <Button type="submit" tone="primary" disabled={isBusy} className="h-9">
          {isBusy ? strings.busy : strings.submit}
        </Button>
      </form>
    </main>
  )
}

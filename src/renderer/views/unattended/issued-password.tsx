import { type FormEvent, useState } from 'react'
import type { SessionTab } from '#ipc/operator.ts'
import { OTP_FIRST_USE_MS } from '#protocol/limits.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import { Left, LeftBar } from '../../components/times.tsx'
import { useApp } from '../app-context.ts'
import { usePassMenu } from '../passes/pass-menu.tsx'
import { useTask } from '../use-task.ts'
import { strings } from './strings.ts'

/** The device waits for its password: the operator sees it, or has it read from the kiosk, and enters it. */
export function IssuedPassword({ tab, untilMs }: { tab: SessionTab; untilMs: number }) {
  const app = useApp()
  const { isBusy, refusal, run } = useTask()
  const pass = usePassMenu(tab.ticket)
  const [typed, setTyped] = useState('')
  const { sessionId = '', password = null } = tab.unattended ?? {}
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(() => app.openUnattended(tab.ticket, typed))
  }
  return (
    <div className="grid h-full place-items-center overflow-auto bg-surface p-6">
      <form onSubmit={submit} aria-busy={isBusy} className="flex w-[480px] flex-col gap-5">
        <header className="flex flex-col gap-1">
          <h1 className="text-xl font-semibold break-words">{strings.title(tab.deviceName)}</h1>
          <p className="text-muted">{strings.lead}</p>
        </header>
        <div>
          <p className="text-xs text-muted">{strings.session}</p>
          <p data-selectable className="font-mono text-xs break-all">
            {sessionId}
          </p>
        </div>
        <div>
          <p className="text-xs text-muted">{strings.password}</p>
          {password === null ? (
            <p>{strings.onDevice}</p>
          ) : (
            // No button that copies it: a clipboard has a history, and other programs read it.
            <p data-selectable data-testid="password" className="font-mono text-xl tracking-wider">
              {password}
            </p>
          )}
        </div>
        <div className="flex flex-col gap-2">
          <p>
            <span className="font-medium">
              <Left untilMs={untilMs} />
            </span>{' '}
            {strings.left}
          </p>
          <LeftBar untilMs={untilMs} spanMs={OTP_FIRST_USE_MS} />
        </div>
        <Field
          label={strings.typed}
          name="one-time-password"
          autoFocus
          required
          maxLength={32}
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
        {refusal ? <Notice tone="danger">{refusal.message}</Notice> : null}
        {pass.note}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" tone="primary" disabled={isBusy}>
            {isBusy ? strings.opening : strings.open}
          </Button>
          <Button disabled={isBusy} onClick={() => void run(() => app.endSession(tab.ticket))}>
            {strings.cancel}
          </Button>
          <span className="ml-auto">{pass.menu}</span>
        </div>
      </form>
    </div>
  )
}

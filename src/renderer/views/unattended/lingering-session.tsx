import { Unplug } from 'lucide-react'
import type { ComeBackState, SessionTab } from '#ipc/operator.ts'
import { assertNever } from '#protocol/assert-never.ts'
import { LINGER_MS } from '#protocol/limits.ts'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { Left, LeftBar } from '../../components/times.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { useApp } from '../app-context.ts'
import { usePassMenu } from '../passes/pass-menu.tsx'
import { useTask } from '../use-task.ts'
import { strings } from './strings.ts'

/** Nobody is connected, and this app may come back until the time is over: by itself where the connection was lost. */
export function LingeringSession({ tab, untilMs }: { tab: SessionTab; untilMs: number }) {
  const app = useApp()
  const { isBusy, refusal, run } = useTask()
  const pass = usePassMenu(tab.ticket)
  const comeBack = tab.unattended?.comeBack ?? null
  const comesBack = comeBack !== null && comeBack.name !== 'stopped'
  return (
    <div className="grid h-full place-items-center overflow-auto bg-surface p-6">
      <section role="status" aria-busy={isBusy} className="flex w-[480px] flex-col gap-4">
        <Unplug aria-hidden size={32} className="text-muted" />
        <div className="flex flex-col gap-1">
          <h1 className="text-xl font-semibold break-words">
            {(comeBack ? strings.lostTitle : strings.lingeringTitle)(tab.deviceName)}
          </h1>
          <p className="text-muted">{comesBack ? strings.lostLead : strings.lingeringLead}</p>
        </div>
        {comeBack ? <Trying comeBack={comeBack} /> : null}
        <div className="flex flex-col gap-2">
          <p>
            <span className="font-medium">
              <Left untilMs={untilMs} />
            </span>{' '}
            {strings.lingeringLeft}
          </p>
          <LeftBar untilMs={untilMs} spanMs={LINGER_MS} />
        </div>
        {refusal && !comeBack ? <Notice tone="danger">{refusal.message}</Notice> : null}
        {pass.note}
        <div className="flex flex-wrap gap-2">
          <Button
            tone="primary"
            disabled={isBusy || !tab.unattended?.canResume}
            onClick={() => void run(() => app.resumeSession(tab.ticket))}
          >
            {isBusy ? strings.resuming : comesBack ? strings.resumeNow : strings.resume}
          </Button>
          <Button disabled={isBusy} onClick={() => void run(() => app.endSession(tab.ticket))}>
            {strings.close}
          </Button>
          <span className="ml-auto">{pass.menu}</span>
        </div>
      </section>
    </div>
  )
}

/** What the app does by itself, and why that didn't work last time. */
function Trying({ comeBack }: { comeBack: ComeBackState }) {
  switch (comeBack.name) {
    case 'trying':
      return <Waiting words={strings.resuming} />
    case 'waiting':
      return (
        <div>
          <p>
            {strings.nextTry} <Left untilMs={comeBack.retryAtMs} />
          </p>
          {comeBack.problem === null ? null : <p className="break-words text-muted">{comeBack.problem}</p>}
        </div>
      )
    case 'stopped':
      return <Notice tone="danger">{comeBack.problem}</Notice>
    default:
      return assertNever(comeBack)
  }
}

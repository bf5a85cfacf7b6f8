import { Ban, CircleCheck, CircleX, Clock, type LucideIcon, ShieldAlert, Unplug } from 'lucide-react'
import type { SessionTab } from '#ipc/operator.ts'
import type { EndCause, EndReason } from '#protocol/session/reasons.ts'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { useApp } from '../app-context.ts'
import { useTask } from '../use-task.ts'
import { KeptChat } from './chat/kept-chat.tsx'
import { SaveReceipt } from './save-receipt.tsx'
import { SessionNote } from './session-note.tsx'
import { overStrings as strings } from './strings.ts'

const ICONS: Record<EndReason, LucideIcon> = {
  'user-ended': CircleX,
  'operator-ended': CircleCheck,
  'admin-ended': Ban,
  denied: CircleX,
  'consent-timeout': Clock,
  idle: Clock,
  expired: Clock,
  'link-lost': Unplug,
  'policy-revoked': Ban,
  'agent-failed': CircleX,
  'identity-changed': ShieldAlert,
}

/** Why it is over, and what to do next. */
export function OverSession({ tab }: { tab: SessionTab }) {
  const app = useApp()
  const { isBusy, refusal, run } = useTask()
  if (tab.state.name === 'ending') {
    return (
      <div className="grid h-full place-items-center bg-surface">
        <Waiting words={strings.ending} />
      </div>
    )
  }
  const reason = tab.state.name === 'closed' ? tab.state.reason : null
  const [title, next] = explain(tab, reason, tab.state.name === 'closed' ? tab.state.cause : undefined)
  const Icon = reason && !tab.error ? ICONS[reason] : CircleX
  return (
    <div className="grid h-full place-items-center overflow-auto bg-surface p-6">
      <section role="status" className="flex w-[440px] flex-col gap-4">
        <Icon aria-hidden size={32} className="text-muted" />
        <div className="flex flex-col gap-1">
          <h1 className="text-xl font-semibold">{title}</h1>
          <p className="truncate font-medium">{tab.deviceName}</p>
          <p data-selectable className="break-words text-muted">
            {next}
          </p>
        </div>
        <KeptChat ticket={tab.ticket} />
        {refusal ? <Notice tone="danger">{refusal.message}</Notice> : null}
        <div className="flex gap-2">
          <Button tone="primary" disabled={isBusy} onClick={() => void run(() => app.askAgain(tab))}>
            {isBusy ? strings.asking : strings.askAgain}
          </Button>
          <Button onClick={() => void run(() => app.closeTab(tab.ticket))}>{strings.close}</Button>
        </div>
        {tab.state.name === 'closed' ? <SessionNote tab={tab} /> : null}
        <SaveReceipt tab={tab} />
      </section>
    </div>
  )
}

function explain(tab: SessionTab, reason: EndReason | null, cause: EndCause | undefined): readonly [string, string] {
  // Main's own words know more than the reason's: which proxy, which file, which version.
  if (tab.error) return [reason ? strings.reasons[reason][0] : strings.failedTitle, tab.error.message]
  if (cause) return strings.causes[cause]
  return reason ? strings.reasons[reason] : [strings.failedTitle, '']
}

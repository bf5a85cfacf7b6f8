import { clsx } from 'clsx'
import { Check, Circle, LoaderCircle } from 'lucide-react'
import type { SessionTab } from '#ipc/operator.ts'
import { APPROVAL_TIMEOUT_MS, CONSENT_TIMEOUT_MS, QUEUE_TIMEOUT_MS } from '#protocol/limits.ts'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { Left, LeftBar } from '../../components/times.tsx'
import { useApp } from '../app-context.ts'
import { strings as unattendedStrings } from '../unattended/strings.ts'
import { useTask } from '../use-task.ts'
import { waitingStrings as strings } from './strings.ts'

const STEPS = ['request', 'notify', 'ask', 'connect'] as const

/** How many steps are done; the next one is under way. */
const DONE: Partial<Record<SessionTab['state']['name'], number>> = {
  requested: 0,
  queued: 1,
  notifying: 1,
  'awaiting-consent': 2,
  granted: 3,
  connecting: 3,
  'awaiting-approval': 0,
  arming: 2,
  armed: 3,
}

export function WaitingSession({ tab }: { tab: SessionTab }) {
  const app = useApp()
  const { isBusy, refusal, run } = useTask()
  const done = DONE[tab.state.name] ?? 0
  return (
    <div className="grid h-full place-items-center overflow-auto bg-surface p-6">
      <section aria-busy className="flex w-[480px] flex-col gap-6">
        <header>
          <h1 className="text-xl font-semibold break-words">
            {(tab.isJoined ? strings.joinTitle : strings.title)(tab.deviceName)}
          </h1>
          <p className="text-muted">{tab.scopes.includes('control') ? strings.control : strings.viewOnly}</p>
        </header>
        <ol className="grid grid-cols-4 gap-2">
          {STEPS.map((step, index) => (
            <Step
              key={step}
              word={step === 'ask' && tab.unattended ? unattendedStrings.step : strings.steps[step]}
              progress={index < done ? 'done' : index === done ? 'now' : 'later'}
            />
          ))}
        </ol>
        <div className="flex min-h-14 flex-col gap-2">
          <Stage tab={tab} />
        </div>
        <NumberToTell match={tab.match} isAsked={done < 3} />
        <Why tab={tab} />
        {refusal ? <Notice tone="danger">{refusal.message}</Notice> : null}
        <div>
          <Button disabled={isBusy} onClick={() => void run(() => app.endSession(tab.ticket))}>
            {isBusy ? strings.cancelling : strings.cancel}
          </Button>
        </div>
      </section>
    </div>
  )
}

/** What was said with the request, where the organisation wants it said. */
function Why({ tab: { reason, ticketReference } }: { tab: SessionTab }) {
  const said = [
    [strings.reason, reason],
    [strings.ticket, ticketReference],
  ].filter(([, words]) => words)
  if (said.length === 0) return null
  return (
    <dl className="flex flex-col gap-2 rounded-md border border-line p-3">
      {said.map(([name, words]) => (
        <div key={name}>
          <dt className="text-xs text-muted">{name}</dt>
          <dd data-selectable className="break-words">
            {words}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** The number that the person picks of three; they see it as soon as the question is on their screen. */
function NumberToTell({ match, isAsked }: { match: SessionTab['match']; isAsked: boolean }) {
  if (!match || !isAsked) return null
  return (
    <section aria-label={strings.tell} className="flex items-center gap-4 rounded-md bg-accent-soft p-4">
      <output data-testid="match" data-choices={match.choices.join(' ')} className="text-4xl font-bold tabular-nums">
        {match.right}
      </output>
      <div>
        <p className="font-medium">{strings.tell}</p>
        <p className="text-sm text-muted">{strings.theySee(match.choices)}</p>
      </div>
    </section>
  )
}

function Step({ word, progress }: { word: string; progress: 'done' | 'now' | 'later' }) {
  const Icon = progress === 'done' ? Check : progress === 'now' ? LoaderCircle : Circle
  return (
    <li
      aria-current={progress === 'now' ? 'step' : undefined}
      className={clsx(
        'flex items-center gap-1.5 border-t-2 pt-2 text-xs',
        progress === 'later' ? 'border-line text-muted' : 'border-accent',
        progress === 'now' && 'font-medium',
      )}
    >
      <Icon
        aria-hidden
        size={14}
        className={clsx('shrink-0', progress === 'now' && 'animate-spin', progress === 'done' && 'text-accent-text')}
      />
      {word}
    </li>
  )
}

function Stage({ tab }: { tab: SessionTab }) {
  const { state } = tab
  switch (state.name) {
    case 'queued':
      return <Countdown words={strings.queued(tab.deviceName)} untilMs={state.untilMs} spanMs={QUEUE_TIMEOUT_MS} />
    case 'awaiting-consent':
      return <Countdown words={strings.asking} untilMs={state.untilMs} spanMs={CONSENT_TIMEOUT_MS} />
    case 'awaiting-approval':
      return <Countdown words={unattendedStrings.approval} untilMs={state.untilMs} spanMs={APPROVAL_TIMEOUT_MS} />
    case 'arming':
      return <p role="status">{unattendedStrings.arming}</p>
    case 'armed':
      return <p role="status">{strings.accepted}</p>
    case 'notifying':
      return <p role="status">{strings.notifying}</p>
    case 'granted':
    case 'connecting':
      return <p role="status">{strings.accepted}</p>
    default:
      return <p role="status">{strings.requested}</p>
  }
}

function Countdown({ words, untilMs, spanMs }: { words: string; untilMs: number; spanMs: number }) {
  return (
    <>
      <p className="flex flex-wrap gap-x-1.5">
        <span role="status">{words}</span>
        <span className="font-medium">
          <Left untilMs={untilMs} /> {strings.left}
        </span>
      </p>
      <LeftBar untilMs={untilMs} spanMs={spanMs} />
    </>
  )
}

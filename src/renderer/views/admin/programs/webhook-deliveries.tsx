import { CircleCheck, CircleSlash, Hourglass } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { z } from 'zod'
import type { deliveriesReplySchema } from '#protocol/webhooks-http.ts'
import { Button } from '../../../components/button.tsx'
import { Notice } from '../../../components/notice.tsx'
import { Segmented } from '../../../components/segmented.tsx'
import { Status } from '../../../components/status.tsx'
import { Ago } from '../../../components/times.tsx'
import { Waiting } from '../../../components/waiting.tsx'
import { usePages } from '../../use-pages.ts'
import { useAdmin } from '../admin-context.ts'
import { MoreButton } from '../more-button.tsx'
import { useAct } from '../use-act.ts'
import { useEvery } from '../use-every.ts'
import { strings } from './webhook-strings.ts'

type Delivery = z.infer<typeof deliveriesReplySchema>['deliveries'][number]
type Which = keyof typeof strings.lists

const REFRESH_MS = 5_000
const LOOKS = {
  waiting: { tone: 'warn', icon: Hourglass },
  delivered: { tone: 'ok', icon: CircleCheck },
  dead: { tone: 'danger', icon: CircleSlash },
} as const

/** What was sent, newest first and brought up to date by itself. */
export function WebhookDeliveries({ webhookId }: { webhookId: string }) {
  const { call } = useAdmin()
  const [which, setWhich] = useState<Which>('all')
  const ask = useCallback(
    async (cursor: string | undefined) => {
      const status = which === 'all' ? undefined : which
      const { deliveries, nextCursor } = await call.webhookDeliveries({ webhookId, status, cursor })
      return { rows: deliveries, nextCursor }
    },
    [call, webhookId, which],
  )
  const pages = usePages(ask)
  const { state, reload } = pages
  useEvery(
    REFRESH_MS,
    useCallback(() => void reload(), [reload]),
  )
  const { isBusy, refusal, run } = useAct()
  const send = (work: () => Promise<unknown>) =>
    void run(async () => {
      await work()
      await reload()
    })
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-2">
        <Segmented
          label={strings.which}
          value={which}
          onChange={setWhich}
          options={(Object.keys(strings.lists) as Which[]).map(value => ({ value, label: strings.lists[value] }))}
        />
        <Button isSmall disabled={isBusy} onClick={() => send(() => call.pingWebhook({ webhookId }))}>
          {strings.test}
        </Button>
      </div>
      {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
      {state.name === 'failed' ? <Notice tone="danger">{state.refusal.message}</Notice> : null}
      {state.name === 'loading' ? <Waiting words={strings.deliveriesLoading} /> : null}
      {state.name === 'ready' && state.value.length === 0 ? (
        <p className="text-muted">{which === 'all' ? strings.noDeliveries : strings.noneSuch}</p>
      ) : null}
      <ul aria-label={strings.deliveries} className="flex flex-col">
        {state.name === 'ready'
          ? state.value.map(delivery => (
              <DeliveryLine
                key={delivery.id}
                delivery={delivery}
                onReplay={() => send(() => call.replayDelivery({ webhookId, webhookDeliveryId: delivery.id }))}
              />
            ))
          : null}
      </ul>
      <MoreButton pages={pages} />
    </div>
  )
}

function DeliveryLine({ delivery, onReplay }: { delivery: Delivery; onReplay: () => void }) {
  const { type, status, attempts, createdAtMs, lastStatus, lastError } = delivery
  const answer = lastError ?? (lastStatus === null ? null : strings.answered(lastStatus))
  const isRetrying = status === 'waiting' && attempts > 0
  return (
    <li className="flex items-start gap-2 border-b border-line py-2 last:border-0">
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          <span className="truncate font-medium">{type}</span>
          <span className="shrink-0 text-xs text-muted">
            <Ago atMs={createdAtMs} />
          </span>
        </div>
        <div className="flex min-w-0 items-center gap-2 text-xs">
          <Status {...LOOKS[status]} word={isRetrying ? strings.retrying : strings.states[status]} />
          <span className="shrink-0 text-muted">{strings.attempts(attempts)}</span>
        </div>
        {answer ? (
          <p className="text-xs break-words text-muted" title={answer}>
            {answer}
          </p>
        ) : null}
      </div>
      <Button isSmall aria-label={strings.replayOf(type)} onClick={onReplay}>
        {strings.replay}
      </Button>
    </li>
  )
}

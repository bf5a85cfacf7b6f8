import type { z } from 'zod'
import type { failedDeliveriesQuerySchema, failedDeliveriesReplySchema } from '#protocol/webhooks-http.ts'
import { byNumber, byText, type Column } from '../../../components/table/columns.ts'
import { Ago } from '../../../components/times.tsx'
import { EVENT_WORDS, failedStrings } from './webhook-strings.ts'

export type FailedDelivery = z.infer<typeof failedDeliveriesReplySchema>['deliveries'][number]
export type FailedStatus = NonNullable<z.infer<typeof failedDeliveriesQuerySchema>['status']>

/** A test isn't among the events that a webhook can be made for. */
export const eventWords = ({ type }: FailedDelivery): string =>
  (EVENT_WORDS as Readonly<Record<string, string>>)[type] ?? (type === 'webhook.ping' ? failedStrings.test : type)

export const FAILED_COLUMNS: readonly Column<FailedDelivery>[] = [
  {
    key: 'event',
    title: failedStrings.columns.event,
    render: delivery => <span className="font-medium">{eventWords(delivery)}</span>,
    hint: eventWords,
    compare: byText(eventWords),
  },
  {
    key: 'receiver',
    title: failedStrings.columns.receiver,
    render: ({ webhook }) => webhook.description,
    hint: ({ webhook }) => `${webhook.description}\n${webhook.url}`,
    compare: byText(({ webhook }) => webhook.description),
  },
  {
    key: 'answer',
    isWide: true,
    title: failedStrings.columns.answer,
    render: ({ lastError }) => <span className="text-muted">{lastError}</span>,
    hint: ({ lastError }) => lastError ?? '',
  },
  {
    key: 'attempts',
    isRight: true,
    title: failedStrings.columns.attempts,
    width: 80,
    render: ({ attempts }) => <span className="tabular-nums">{attempts}</span>,
    compare: byNumber(({ attempts }) => attempts),
  },
  {
    key: 'made',
    title: failedStrings.columns.made,
    width: 130,
    render: ({ createdAtMs }) => (
      <span className="text-muted">
        <Ago atMs={createdAtMs} />
      </span>
    ),
    compare: byNumber(({ createdAtMs }) => createdAtMs),
  },
]

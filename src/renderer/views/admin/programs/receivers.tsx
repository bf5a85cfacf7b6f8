import { Webhook as WebhookIcon } from 'lucide-react'
import { type ReactNode, useCallback } from 'react'
import { byNumber, byText, type Column } from '../../../components/table/columns.ts'
import { Ago } from '../../../components/times.tsx'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { CollectionPage } from '../collection-page.tsx'
import { WebhookDialog } from './webhook-dialog.tsx'
import { type Webhook, WebhookDrawer } from './webhook-drawer.tsx'
import { EVENT_WORDS, strings } from './webhook-strings.ts'

const eventText = ({ events }: Webhook) => events.map(event => EVENT_WORDS[event]).join(', ')

const COLUMNS: readonly Column<Webhook>[] = [
  {
    key: 'name',
    title: strings.columns.name,
    width: 200,
    render: ({ description }) => <span className="font-medium">{description}</span>,
    hint: ({ description }) => description,
    compare: byText(({ description }) => description),
  },
  {
    key: 'url',
    title: strings.columns.url,
    render: ({ url }) => url,
    hint: ({ url }) => url,
    compare: byText(({ url }) => url),
  },
  {
    key: 'events',
    isWide: true,
    title: strings.columns.events,
    render: webhook => <span className="text-muted">{eventText(webhook)}</span>,
    hint: ({ events }) => events.map(event => EVENT_WORDS[event]).join('\n'),
  },
  {
    key: 'made',
    title: strings.columns.made,
    width: 120,
    render: ({ createdAtMs }) => (
      <span className="text-muted">
        <Ago atMs={createdAtMs} />
      </span>
    ),
    compare: byNumber(({ createdAtMs }) => createdAtMs),
  },
]

/** Where other programs are told what happens. */
export function Receivers({ bar }: { bar: ReactNode }) {
  const { call } = useAdmin()
  const source = useLoaded(useCallback(async () => (await call.webhooks(undefined)).webhooks, [call]))
  return (
    <CollectionPage
      words={strings}
      icon={WebhookIcon}
      source={source}
      columns={COLUMNS}
      keyOf={webhook => webhook.id}
      textOf={webhook => `${webhook.description}\n${webhook.url}\n${eventText(webhook)}`}
      firstOrder={{ column: 'name', isDescending: false }}
      bar={bar}
      dialog={close => <WebhookDialog onClose={close} />}
      drawer={(webhook, acts) => <WebhookDrawer key={webhook.id} webhook={webhook} {...acts} />}
    />
  )
}

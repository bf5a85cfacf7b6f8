import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Drawer, DrawerPart, Facts } from '../../../components/drawer.tsx'
import { Moment } from '../../../components/times.tsx'
import { useAdmin } from '../admin-context.ts'
import type { RowActs } from '../collection-page.tsx'
import { strings as common } from '../strings.ts'
import { WebhookDeliveries } from './webhook-deliveries.tsx'
import { type MadeWebhook, WebhookSecret } from './webhook-secret.tsx'
import { EVENT_WORDS, strings } from './webhook-strings.ts'

export type Webhook = MadeWebhook['webhook']

export function WebhookDrawer({ webhook, close, ask }: { webhook: Webhook } & RowActs) {
  const { call } = useAdmin()
  const { id: webhookId, description, url, events, createdAtMs, oldSecretUntilMs } = webhook
  const [made, setMade] = useState<MadeWebhook | null>(null)
  const rotate = () =>
    ask({ ...strings.rotation(description), act: async () => setMade(await call.rotateWebhookSecret({ webhookId })) })
  return (
    <>
      <Drawer
        title={description}
        subtitle={url}
        closeLabel={common.close}
        onClose={close}
        footer={
          <>
            <Button onClick={rotate}>{strings.rotate}</Button>
            <Button
              className="text-danger-text"
              onClick={() => ask({ ...strings.deletion(description), act: () => call.deleteWebhook({ webhookId }) })}
            >
              {strings.delete}
            </Button>
          </>
        }
      >
        <Facts
          facts={[
            [strings.columns.made, <Moment key="made" atMs={createdAtMs} />],
            ...(oldSecretUntilMs === null
              ? []
              : [[strings.oldSecret, <Moment key="until" atMs={oldSecretUntilMs} />] as const]),
            [
              strings.events,
              events.map(event => (
                <span key={event} className="block">
                  {EVENT_WORDS[event]}
                </span>
              )),
            ],
          ]}
        />
        <DrawerPart title={strings.deliveries}>
          <WebhookDeliveries webhookId={webhookId} />
        </DrawerPart>
      </Drawer>
      {made ? <WebhookSecret made={made} onClose={() => setMade(null)} /> : null}
    </>
  )
}

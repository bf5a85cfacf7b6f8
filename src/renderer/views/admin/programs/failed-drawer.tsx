import { Button } from '../../../components/button.tsx'
import { Drawer, Facts } from '../../../components/drawer.tsx'
import { Notice } from '../../../components/notice.tsx'
import { Moment } from '../../../components/times.tsx'
import { useAdmin } from '../admin-context.ts'
import { strings as common } from '../strings.ts'
import { useAct } from '../use-act.ts'
import { eventWords, type FailedDelivery } from './failed-columns.tsx'
import { failedStrings, strings } from './webhook-strings.ts'

/** One event that didn't arrive: for whom it was, what came back, and another try. */
export function FailedDrawer(props: { delivery: FailedDelivery; onClose: () => void; onSent: () => Promise<unknown> }) {
  const { call } = useAdmin()
  const { isBusy, refusal, run } = useAct()
  const { delivery, onClose, onSent } = props
  const { webhook, subject, createdAtMs, attempts, nextAtMs, lastError, eventId } = delivery
  const send = () =>
    run(async () => {
      await call.replayDelivery({ webhookId: webhook.id, webhookDeliveryId: delivery.id })
      await onSent()
    })
  return (
    <Drawer
      title={eventWords(delivery)}
      subtitle={webhook.description}
      closeLabel={common.close}
      onClose={onClose}
      footer={
        <Button tone="primary" disabled={isBusy} onClick={() => void send()}>
          {nextAtMs === null ? strings.replay : failedStrings.tryNow}
        </Button>
      }
    >
      {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
      <Facts
        facts={[
          [strings.columns.url, webhook.url],
          [failedStrings.columns.answer, lastError ?? '–'],
          [failedStrings.columns.attempts, String(attempts)],
          ...(nextAtMs === null ? [] : [[failedStrings.nextTry, <Moment key="next" atMs={nextAtMs} />] as const]),
          [failedStrings.columns.made, <Moment key="made" atMs={createdAtMs} />],
          [failedStrings.about, <Code key="about" text={subject} />],
          [failedStrings.eventId, <Code key="event" text={eventId} />],
        ]}
      />
    </Drawer>
  )
}

const Code = ({ text }: { text: string }) => <code className="font-mono text-xs break-all">{text}</code>

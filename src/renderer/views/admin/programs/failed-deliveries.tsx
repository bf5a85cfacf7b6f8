import { MailCheck } from 'lucide-react'
import { type ReactNode, useCallback, useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Centred } from '../../page-states.tsx'
import { usePages } from '../../use-pages.ts'
import { useAdmin } from '../admin-context.ts'
import { ConfirmDialog } from '../confirm-dialog.tsx'
import { ListPage } from '../list-page.tsx'
import { useEvery } from '../use-every.ts'
import { eventWords, FAILED_COLUMNS, type FailedStatus } from './failed-columns.tsx'
import { FailedDrawer } from './failed-drawer.tsx'
import { failedStrings } from './webhook-strings.ts'

const REFRESH_MS = 5_000

/** What didn't arrive, of every receiver in one list: given up for good, or still being tried again. */
export function FailedDeliveries({ status, bar }: { status: FailedStatus; bar: ReactNode }) {
  const { call } = useAdmin()
  const ask = useCallback(
    async (cursor: string | undefined) => {
      const { deliveries, nextCursor } = await call.failedDeliveries({ status, cursor })
      return { rows: deliveries, nextCursor }
    },
    [call, status],
  )
  const pages = usePages(ask)
  const { state, reload } = pages
  useEvery(
    REFRESH_MS,
    useCallback(() => void reload(), [reload]),
  )
  const [isAsking, setAsking] = useState(false)
  const words = failedStrings.of[status]
  const hasSome = state.name === 'ready' && state.value.length > 0
  const sendAll = async () => {
    while ((await call.replayFailed({})).isMore);
    await reload()
  }
  return (
    <>
      <ListPage
        title={failedStrings.title}
        searchLabel={failedStrings.search}
        loading={failedStrings.loading}
        count={words.count}
        rows={state}
        pages={pages}
        columns={FAILED_COLUMNS}
        keyOf={delivery => delivery.id}
        textOf={delivery =>
          `${eventWords(delivery)}\n${delivery.type}\n${delivery.webhook.description}\n${delivery.webhook.url}\n${delivery.lastError}\n${delivery.subject}`
        }
        onReload={() => void reload()}
        bar={bar}
        actions={
          status === 'dead' && hasSome ? (
            <Button tone="primary" onClick={() => setAsking(true)}>
              {failedStrings.sendAll}
            </Button>
          ) : null
        }
        empty={
          <Centred icon={<MailCheck aria-hidden size={28} />} title={words.emptyTitle}>
            <p className="text-muted">{words.emptyHint}</p>
          </Centred>
        }
        drawer={(delivery, close) => (
          <FailedDrawer key={delivery.id} delivery={delivery} onClose={close} onSent={reload} />
        )}
      />
      {isAsking ? (
        <ConfirmDialog question={{ ...failedStrings.sendAllQuestion, act: sendAll }} onClose={() => setAsking(false)} />
      ) : null}
    </>
  )
}

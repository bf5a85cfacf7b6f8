import { ScrollText } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { z } from 'zod'
import type { auditReplySchema } from '#protocol/http.ts'
import { Button } from '../../../components/button.tsx'
import { Drawer, DrawerPart, Facts } from '../../../components/drawer.tsx'
import { Notice } from '../../../components/notice.tsx'
import type { Column } from '../../../components/table/columns.ts'
import { Moment } from '../../../components/times.tsx'
import { Centred } from '../../page-states.tsx'
import { useAdmin } from '../admin-context.ts'
import { ListPage } from '../list-page.tsx'
import { strings as common } from '../strings.ts'
import { useAct } from '../use-act.ts'
import { loadedOf, useLoaded } from '../use-loaded.ts'
import { strings } from './audit-strings.ts'

type Entry = z.infer<typeof auditReplySchema>['entries'][number]

const PAGE_ROWS = 200

const COLUMNS: readonly Column<Entry>[] = [
  {
    key: 'at',
    title: strings.columns.at,
    width: 164,
    render: ({ atMs }) => (
      <span className="text-muted">
        <Moment atMs={atMs} />
      </span>
    ),
  },
  { key: 'actor', title: strings.columns.actor, render: ({ actor }) => actor, hint: ({ actor }) => actor },
  {
    key: 'action',
    title: strings.columns.action,
    width: 200,
    render: ({ action }) => <span className="font-medium">{action}</span>,
  },
  {
    key: 'subject',
    title: strings.columns.subject,
    render: ({ subject }) => <span className="text-muted">{subject}</span>,
    hint: ({ subject }) => subject,
  },
]

/** Everything that was done, newest first. */
export function Audit() {
  const { call } = useAdmin()
  const load = useCallback(async () => (await call.audit({ limit: PAGE_ROWS })).entries, [call])
  const { state, reload } = useLoaded(load)
  const [older, setOlder] = useState<readonly Entry[]>([])
  const [isEnd, setEnd] = useState(false)
  const { isBusy, refusal, run } = useAct()
  const newest = loadedOf(state) ?? []
  const entries = [...newest, ...older]
  const last = entries.at(-1)
  const loadOlder = () =>
    run(async () => {
      if (!last) return
      const next = (await call.audit({ before: last.sequence, limit: PAGE_ROWS })).entries
      setOlder([...older, ...next])
      setEnd(next.length < PAGE_ROWS)
    })
  const restart = async () => {
    setOlder([])
    setEnd(false)
    await reload()
  }
  const hasMore = !isEnd && newest.length === PAGE_ROWS
  return (
    <ListPage
      title={strings.title}
      searchLabel={strings.search}
      loading={strings.loading}
      count={strings.count}
      rows={state.name === 'ready' ? { name: 'ready', value: entries } : state}
      columns={COLUMNS}
      keyOf={({ sequence }) => String(sequence)}
      textOf={entry => `${entry.actor}\n${entry.action}\n${entry.subject}\n${JSON.stringify(entry.detail)}`}
      onReload={() => void restart()}
      empty={
        <Centred icon={<ScrollText aria-hidden size={28} />} title={strings.emptyTitle}>
          <p className="text-muted">{strings.emptyHint}</p>
        </Centred>
      }
      foot={
        hasMore || refusal ? (
          <div className="flex items-center gap-3 border-t border-line px-5 py-2">
            <Button disabled={isBusy} onClick={() => void loadOlder()}>
              {isBusy ? strings.loadingOlder : strings.older}
            </Button>
            {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
          </div>
        ) : null
      }
      drawer={(entry, close) => <EntryDrawer entry={entry} onClose={close} />}
    />
  )
}

function EntryDrawer({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const details = Object.entries(entry.detail)
  return (
    <Drawer title={entry.action} subtitle={entry.subject} closeLabel={common.close} onClose={onClose}>
      <Facts
        facts={[
          [strings.columns.at, <Moment key="at" atMs={entry.atMs} />],
          [strings.columns.actor, entry.actor],
          [strings.columns.subject, entry.subject],
          [strings.sequence, String(entry.sequence)],
        ]}
      />
      <DrawerPart title={strings.detail}>
        {details.length === 0 ? (
          <p className="text-muted">{strings.noDetail}</p>
        ) : (
          <Facts facts={details.map(([name, value]) => [name, detailText(value)])} />
        )}
      </DrawerPart>
    </Drawer>
  )
}

const detailText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

import { ScrollText } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { z } from 'zod'
import type { auditReplySchema } from '#protocol/http.ts'
import { Drawer, DrawerPart, Facts } from '../../../components/drawer.tsx'
import type { Column } from '../../../components/table/columns.ts'
import { Moment } from '../../../components/times.tsx'
import { Centred } from '../../page-states.tsx'
import { usePages } from '../../use-pages.ts'
import { useAdmin } from '../admin-context.ts'
import { ListPage } from '../list-page.tsx'
import { strings as common } from '../strings.ts'
import { type AuditFilter, AuditFilters, NO_FILTER } from './audit-filters.tsx'
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

/** Everything that was done, newest first. The relay filters; of what is loaded the search finds the rest. */
export function Audit() {
  const { call } = useAdmin()
  const [filter, setFilter] = useState<AuditFilter>(NO_FILTER)
  const ask = useCallback(
    async (cursor: string | undefined) => {
      const before = cursor === undefined ? undefined : Number(cursor)
      const { entries } = await call.audit({ ...filter, before, limit: PAGE_ROWS })
      const last = entries.at(-1)
      return { rows: entries, nextCursor: entries.length < PAGE_ROWS || !last ? null : String(last.sequence) }
    },
    [call, filter],
  )
  const pages = usePages(ask)
  const isNarrowed = Object.values(filter).some(value => value !== undefined)
  return (
    <ListPage
      title={strings.title}
      searchLabel={strings.search}
      loading={strings.loading}
      count={strings.count}
      rows={pages.state}
      columns={COLUMNS}
      keyOf={({ sequence }) => String(sequence)}
      textOf={entry => `${entry.actor}\n${entry.action}\n${entry.subject}\n${JSON.stringify(entry.detail)}`}
      onReload={() => void pages.reload()}
      pages={pages}
      bar={<AuditFilters onChange={setFilter} />}
      empty={
        <Centred icon={<ScrollText aria-hidden size={28} />} title={strings.emptyTitle}>
          <p className="text-muted">{isNarrowed ? strings.narrowedHint : strings.emptyHint}</p>
        </Centred>
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

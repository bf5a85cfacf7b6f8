import { Radio } from 'lucide-react'
import { useCallback, useState } from 'react'
import { isLive } from '#protocol/session/machine.ts'
import type { SessionEntry } from '#protocol/sessions-http.ts'
import { Segmented } from '../../../components/segmented.tsx'
import { Centred } from '../../page-states.tsx'
import { useDebounced } from '../../use-debounced.ts'
import { usePages } from '../../use-pages.ts'
import { useAdmin } from '../admin-context.ts'
import { ConfirmDialog, type Question } from '../confirm-dialog.tsx'
import { ListPage } from '../list-page.tsx'
import { useEvery } from '../use-every.ts'
import { ALWAYS, type Period, periodMs } from './period.ts'
import { PeriodFields } from './period-fields.tsx'
import { SESSION_COLUMNS } from './session-columns.tsx'
import { SessionDrawer } from './session-drawer.tsx'
import { strings } from './session-strings.ts'

const REFRESH_MS = 5_000

type List = keyof typeof strings.lists
const LISTS = Object.keys(strings.lists) as List[]
const EMPTY: Readonly<Record<List, readonly [title: string, hint: string]>> = {
  open: [strings.emptyNow, strings.emptyNowHint],
  queued: [strings.emptyQueued, strings.emptyQueuedHint],
  closed: [strings.emptyOver, strings.emptyOverHint],
}

/** Who is in a session with what, now and before. */
export function Sessions() {
  const { call } = useAdmin()
  const [list, setList] = useState<List>('open')
  const [period, setPeriod] = useState<Period>(ALWAYS)
  const [query, setQuery] = useState('')
  const q = useDebounced(query.trim()) || undefined
  const ask = useCallback(
    async (cursor: string | undefined) => {
      const span = list === 'closed' ? periodMs(period) : {}
      const { sessions, nextCursor } = await call.sessions({ state: list, q, cursor, ...span })
      return { rows: sessions, nextCursor }
    },
    [call, list, period, q],
  )
  const pages = usePages(ask)
  const { state, reload } = pages
  const [question, setQuestion] = useState<Question | null>(null)
  useEvery(
    list === 'closed' ? null : REFRESH_MS,
    useCallback(() => void reload(), [reload]),
  )

  const end = (session: SessionEntry): Question => ({
    title: strings.endTitle(session.operator.name, session.deviceName),
    text: strings.endText,
    submit: strings.endSubmit,
    busy: strings.endBusy,
    act: async () => {
      await call.endAnySession({ sessionId: session.id })
      await reload()
    },
  })
  const isNow = list !== 'closed'
  const [emptyTitle, emptyHint] = EMPTY[list]
  return (
    <>
      <ListPage
        key={list}
        title={strings.title}
        searchLabel={strings.search}
        loading={strings.loading}
        count={strings.count}
        rows={state}
        pages={pages}
        columns={SESSION_COLUMNS}
        keyOf={session => session.id}
        textOf={session => session.deviceName}
        remote={{ query, onQuery: setQuery, isNarrowed: q !== undefined }}
        onReload={() => void reload()}
        bar={
          <div className="flex items-end gap-3 px-5 pb-3">
            <Segmented
              label={strings.listLabel}
              value={list}
              onChange={setList}
              options={LISTS.map(value => ({ value, label: strings.lists[value] }))}
            />
            {isNow ? (
              <span className="pb-1.5 text-xs text-muted">{strings.live}</span>
            ) : (
              <div className="flex items-center gap-3">
                <PeriodFields period={period} onChange={setPeriod} />
              </div>
            )}
          </div>
        }
        empty={
          <Centred icon={<Radio aria-hidden size={28} />} title={emptyTitle}>
            <p className="text-muted">{emptyHint}</p>
          </Centred>
        }
        drawer={(session, close) => (
          <SessionDrawer
            session={session}
            onClose={close}
            {...(isLive(session.state) ? { onEnd: () => setQuestion(end(session)) } : {})}
          />
        )}
      />
      {question ? <ConfirmDialog question={question} onClose={() => setQuestion(null)} /> : null}
    </>
  )
}

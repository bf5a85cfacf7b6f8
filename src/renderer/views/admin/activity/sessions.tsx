import { Radio } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { isLive } from '#protocol/session/machine.ts'
import type { SessionEntry } from '#protocol/sessions-http.ts'
import { Button } from '../../../components/button.tsx'
import { Notice } from '../../../components/notice.tsx'
import { Segmented } from '../../../components/segmented.tsx'
import { Centred } from '../../page-states.tsx'
import { useAdmin } from '../admin-context.ts'
import { ConfirmDialog, type Question } from '../confirm-dialog.tsx'
import { ListPage } from '../list-page.tsx'
import { useAct } from '../use-act.ts'
import { loadedOf, useLoaded } from '../use-loaded.ts'
import { SESSION_COLUMNS, sessionText } from './session-columns.tsx'
import { SessionDrawer } from './session-drawer.tsx'
import { strings } from './session-strings.ts'

const REFRESH_MS = 5_000

/** Who is in a session with what, now and before. */
export function Sessions() {
  const { call } = useAdmin()
  const [list, setList] = useState<'open' | 'closed'>('open')
  const load = useCallback(() => call.sessions({ state: list }), [call, list])
  const { state, reload } = useLoaded(load)
  const older = useOlder(loadedOf(state)?.nextCursor ?? null, list)
  const [question, setQuestion] = useState<Question | null>(null)
  useEffect(() => {
    if (list !== 'open') return
    const timer = setInterval(() => void reload(), REFRESH_MS)
    return () => clearInterval(timer)
  }, [list, reload])

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
  const isNow = list === 'open'
  return (
    <>
      <ListPage
        key={list}
        title={strings.title}
        searchLabel={strings.search}
        loading={strings.loading}
        count={strings.count}
        rows={state.name === 'ready' ? { name: 'ready', value: [...state.value.sessions, ...older.rows] } : state}
        columns={SESSION_COLUMNS}
        keyOf={session => session.id}
        textOf={sessionText}
        onReload={() => {
          older.clear()
          void reload()
        }}
        bar={
          <div className="flex items-center gap-3 px-5 pb-3">
            <Segmented
              label={strings.listLabel}
              value={list}
              onChange={setList}
              options={[
                { value: 'open', label: strings.lists.open },
                { value: 'closed', label: strings.lists.closed },
              ]}
            />
            {isNow ? <span className="text-xs text-muted">{strings.live}</span> : null}
          </div>
        }
        empty={
          <Centred icon={<Radio aria-hidden size={28} />} title={isNow ? strings.emptyNow : strings.emptyOver}>
            <p className="text-muted">{isNow ? strings.emptyNowHint : strings.emptyOverHint}</p>
          </Centred>
        }
        foot={older.foot}
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

/** What comes after the first page, page by page. */
function useOlder(firstCursor: string | null, list: 'open' | 'closed') {
  const { call } = useAdmin()
  const { isBusy, refusal, run } = useAct()
  const [pages, setPages] = useState<{ rows: readonly SessionEntry[]; cursor: string | null } | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins anew
  useEffect(() => setPages(null), [list])
  const cursor = pages ? pages.cursor : firstCursor
  const more = () =>
    run(async () => {
      if (cursor === null) return
      const next = await call.sessions({ state: list, cursor })
      setPages({ rows: [...(pages?.rows ?? []), ...next.sessions], cursor: next.nextCursor })
    })
  const foot =
    cursor === null ? null : (
      <div className="flex items-center gap-3 border-t border-line px-5 py-2">
        <Button disabled={isBusy} onClick={() => void more()}>
          {isBusy ? strings.loadingOlder : strings.older}
        </Button>
        {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
      </div>
    )
  return { rows: pages?.rows ?? [], foot, clear: () => setPages(null) }
}

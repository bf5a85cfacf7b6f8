import { BadgeCheck } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { TrustState } from '#ipc/admin/trust.ts'
import { Centred, FailedPage, LoadingPage } from '../../page-states.tsx'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { ConfirmDialog, type Question } from '../confirm-dialog.tsx'
import { ListPage } from '../list-page.tsx'
import { APP_COLUMNS } from './app-columns.tsx'
import { AppDrawer } from './app-drawer.tsx'
import { KeyBar } from './key-bar.tsx'
import { type KeyDialogName, KeyDialogs } from './key-dialogs.tsx'
import { NoKey } from './no-key.tsx'
import { strings } from './strings.ts'

/** The organisation's key, what it says to devices, and whom it certified. */
export function Trust() {
  const { call } = useAdmin()
  const source = useLoaded(useCallback(() => call.trust(undefined), [call]))
  const [dialog, setDialog] = useState<KeyDialogName | null>(null)
  const [question, setQuestion] = useState<Question | null>(null)
  const { state, reload } = source
  const ask = (asked: Question) => setQuestion({ ...asked, act: () => asked.act().finally(reload) })
  const close = () => {
    setDialog(null)
    void reload()
  }
  return (
    <>
      {state.name === 'loading' ? (
        <LoadingPage words={strings.loading} />
      ) : state.name === 'failed' ? (
        <FailedPage message={state.refusal.message} onRetry={() => void reload()} />
      ) : state.value.key === null ? (
        <NoKey onRestore={() => setDialog('restore')} onMade={reload} />
      ) : (
        <Apps trust={state.value} onReload={() => void reload()} onDialog={setDialog} onAsk={ask} />
      )}
      {dialog ? <KeyDialogs name={dialog} keyText={keyTextOf(state)} onClose={close} /> : null}
      {question ? <ConfirmDialog question={question} onClose={() => setQuestion(null)} /> : null}
    </>
  )
}

const keyTextOf = (state: { name: string; value?: TrustState }): string => state.value?.key?.text ?? ''

function Apps(props: {
  trust: TrustState
  onReload: () => void
  onDialog: (name: KeyDialogName) => void
  onAsk: (question: Question) => void
}) {
  const { trust, onReload, onDialog, onAsk } = props
  return (
    <ListPage
      title={strings.title}
      searchLabel={strings.search}
      loading={strings.loading}
      count={strings.count}
      rows={{ name: 'ready', value: trust.apps }}
      columns={APP_COLUMNS}
      keyOf={app => `${app.operator.id} ${app.thumbprint}`}
      textOf={app => `${app.operator.name}\n${app.operator.email}\n${app.computer}`}
      firstOrder={{ column: 'person', isDescending: false }}
      onReload={onReload}
      bar={<KeyBar trust={trust} onDialog={onDialog} onAsk={onAsk} />}
      empty={
        <Centred icon={<BadgeCheck aria-hidden size={28} />} title={strings.emptyTitle}>
          <p className="text-muted">{strings.emptyHint}</p>
        </Centred>
      }
      drawer={(app, close) => (
        <AppDrawer
          app={app}
          mayCertify={trust.key?.isHere === true}
          onAsk={onAsk}
          onClose={close}
          onChanged={onReload}
        />
      )}
    />
  )
}

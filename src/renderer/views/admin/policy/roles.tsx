import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { CAPABILITIES } from '#protocol/policy/capabilities.ts'
import type { RoleView } from '#protocol/policy/http.ts'
import { Button } from '../../../components/button.tsx'
import { byNumber, byText, type Column } from '../../../components/table/columns.ts'
import { useAdmin } from '../admin-context.ts'
import { ConfirmDialog, type Question } from '../confirm-dialog.tsx'
import { ListPage } from '../list-page.tsx'
import { Centred } from '../page-states.tsx'
import { CAPABILITY_WORDS } from './capability-words.ts'
import { RoleDialog, type RoleDraft } from './role-dialog.tsx'
import { RoleDrawer } from './role-drawer.tsx'
import { roleStrings as strings } from './strings.ts'
import { usePolicy } from './use-policy.ts'

type RoleRow = RoleView & { readonly holders: number }

const COLUMNS: readonly Column<RoleRow>[] = [
  {
    key: 'name',
    title: strings.columns.name,
    width: 240,
    render: role => <span className="font-medium">{role.name}</span>,
    hint: role => role.name,
    compare: byText(role => role.name),
  },
  {
    key: 'rights',
    title: strings.columns.rights,
    render: ({ capabilities }) => (
      <span className="text-muted">
        {capabilities.length === CAPABILITIES.length
          ? strings.rights(capabilities.length, CAPABILITIES.length)
          : capabilities.map(capability => CAPABILITY_WORDS[capability]).join(', ')}
      </span>
    ),
    hint: ({ capabilities }) => capabilities.map(capability => CAPABILITY_WORDS[capability]).join('\n'),
  },
  {
    key: 'kind',
    title: strings.columns.kind,
    width: 88,
    render: ({ builtIn }) => <span className="text-muted">{builtIn ? strings.builtIn : strings.own}</span>,
  },
  {
    key: 'holders',
    title: strings.columns.holders,
    width: 96,
    isRight: true,
    render: ({ holders }) => strings.holders(holders),
    compare: byNumber(({ holders }) => holders),
  },
]

/** What people may do: named sets of rights. */
export function Roles() {
  const { call } = useAdmin()
  const { state, reload } = usePolicy()
  const [draft, setDraft] = useState<RoleDraft | null>(null)
  const [question, setQuestion] = useState<Question | null>(null)
  const rows =
    state.name === 'ready'
      ? {
          name: state.name,
          value: state.value.roles.map(role => ({
            ...role,
            holders: state.value.assignments.filter(({ roleId }) => roleId === role.id).length,
          })),
        }
      : state
  const create = (
    <Button tone="primary" onClick={() => setDraft({ id: null, name: '', capabilities: ['view'] })}>
      {strings.create}
    </Button>
  )
  const removal = (role: RoleRow, close: () => void): Question => ({
    title: strings.deleteTitle(role.name),
    text: strings.deleteText(role.holders),
    submit: strings.deleteSubmit,
    busy: strings.deleteBusy,
    act: async () => {
      await call.deleteRole({ roleId: role.id })
      close()
      await reload()
    },
  })
  return (
    <>
      <ListPage
        title={strings.title}
        searchLabel={strings.search}
        loading={strings.loading}
        count={strings.count}
        rows={rows}
        columns={COLUMNS}
        keyOf={role => role.id}
        textOf={role => [role.name, ...role.capabilities.map(capability => CAPABILITY_WORDS[capability])].join('\n')}
        firstOrder={{ column: 'name', isDescending: false }}
        onReload={() => void reload()}
        actions={create}
        empty={
          <Centred icon={<ShieldCheck aria-hidden size={28} />} title={strings.emptyTitle}>
            <p className="text-muted">{strings.emptyHint}</p>
            {create}
          </Centred>
        }
        drawer={(role, close) => (
          <RoleDrawer
            key={role.id}
            role={role}
            onClose={close}
            onEdit={setDraft}
            onDelete={() => setQuestion(removal(role, close))}
          />
        )}
      />
      {draft ? <RoleDialog draft={draft} onClose={() => setDraft(null)} onDone={() => void reload()} /> : null}
      {question ? <ConfirmDialog question={question} onClose={() => setQuestion(null)} /> : null}
    </>
  )
}

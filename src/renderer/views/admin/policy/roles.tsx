import { ShieldCheck } from 'lucide-react'
import { CAPABILITIES } from '#protocol/policy/capabilities.ts'
import type { RoleView } from '#protocol/policy/http.ts'
import { byNumber, byText, type Column } from '../../../components/table/columns.ts'
import { useAdmin } from '../admin-context.ts'
import { CollectionPage } from '../collection-page.tsx'
import { CAPABILITY_WORDS } from './capability-words.ts'
import { NEW_ROLE, RoleDialog } from './role-dialog.tsx'
import { RoleDrawer } from './role-drawer.tsx'
import { roleStrings as strings } from './strings.ts'
import { type Policy, usePolicy } from './use-policy.ts'

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
  const rows =
    state.name === 'ready'
      ? { name: state.name, value: state.value.roles.map(role => withHolders(role, state.value)) }
      : state
  return (
    <CollectionPage
      words={strings}
      icon={ShieldCheck}
      source={{ state: rows, reload }}
      columns={COLUMNS}
      keyOf={role => role.id}
      textOf={role => [role.name, ...role.capabilities.map(capability => CAPABILITY_WORDS[capability])].join('\n')}
      firstOrder={{ column: 'name', isDescending: false }}
      dialog={close => <RoleDialog draft={NEW_ROLE} onClose={close} />}
      drawer={(role, { close, ask }) => (
        <RoleDrawer
          key={role.id}
          role={role}
          onClose={close}
          onChanged={() => void reload()}
          onDelete={() =>
            ask({ ...strings.deletion(role.name, role.holders), act: () => call.deleteRole({ roleId: role.id }) })
          }
        />
      )}
    />
  )
}

const withHolders = (role: RoleView, { assignments }: Policy): RoleRow => ({
  ...role,
  holders: assignments.filter(({ roleId }) => roleId === role.id).length,
})

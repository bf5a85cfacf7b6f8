import { UsersRound } from 'lucide-react'
import { type ReactNode, useCallback } from 'react'
import { byNumber, byText, type Column } from '../../../components/table/columns.ts'
import { Ago } from '../../../components/times.tsx'
import { useAdmin } from '../admin-context.ts'
import { CollectionPage } from '../collection-page.tsx'
import { strings as common } from '../strings.ts'
import { useLoaded } from '../use-loaded.ts'
import { InviteDialog } from './invite-dialog.tsx'
import { factorText, type Person } from './person.ts'
import { PersonDrawer } from './person-drawer.tsx'
import { strings } from './strings.ts'

const COLUMNS: readonly Column<Person>[] = [
  {
    key: 'name',
    title: strings.columns.name,
    render: person => (
      <>
        <span className="font-medium">{person.name}</span>
        <span className="ml-2 text-xs text-muted">{person.email}</span>
      </>
    ),
    hint: person => `${person.name} – ${person.email}`,
    compare: byText(person => person.name),
  },
  {
    key: 'role',
    title: strings.columns.role,
    width: 120,
    render: person => strings.roles[person.role],
    compare: byText(person => strings.roles[person.role]),
  },
  {
    key: 'proofs',
    isWide: true,
    title: strings.columns.proofs,
    width: 140,
    render: person => (
      <span className={person.totp || person.passkeys > 0 ? '' : 'text-muted'}>{factorText(person)}</span>
    ),
    compare: byText(factorText),
  },
  {
    key: 'seen',
    title: strings.columns.seen,
    width: 120,
    render: person => (
      <span className="text-muted">
        {person.lastSeenAtMs === null ? common.never : <Ago atMs={person.lastSeenAtMs} />}
      </span>
    ),
    compare: byNumber(person => person.lastSeenAtMs),
  },
]

export function Members({ bar }: { bar: ReactNode }) {
  const { call } = useAdmin()
  const source = useLoaded(useCallback(async () => (await call.people(undefined)).operators, [call]))
  return (
    <CollectionPage
      words={strings}
      icon={UsersRound}
      source={source}
      columns={COLUMNS}
      keyOf={person => person.id}
      textOf={person => `${person.name}\n${person.email}\n${strings.roles[person.role]}`}
      firstOrder={{ column: 'name', isDescending: false }}
      bar={bar}
      dialog={close => <InviteDialog onClose={close} />}
      drawer={(person, { close, reload }) => (
        <PersonDrawer key={person.id} person={person} onClose={close} onChanged={reload} />
      )}
    />
  )
}

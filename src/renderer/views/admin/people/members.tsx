import { UsersRound } from 'lucide-react'
import { type ReactNode, useCallback, useState } from 'react'
import type { Column } from '../../../components/table/columns.ts'
import { Ago } from '../../../components/times.tsx'
import { useDebounced } from '../../use-debounced.ts'
import { usePages } from '../../use-pages.ts'
import { useAdmin } from '../admin-context.ts'
import { CollectionPage } from '../collection-page.tsx'
import { strings as common } from '../strings.ts'
import { Disabled } from './disabled.tsx'
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
  },
  {
    key: 'role',
    title: strings.columns.role,
    width: 120,
    render: person => (person.disabled ? <Disabled /> : strings.roles[person.role]),
  },
  {
    key: 'proofs',
    isWide: true,
    title: strings.columns.proofs,
    width: 140,
    render: person => (
      <span className={person.totp || person.passkeys > 0 ? '' : 'text-muted'}>{factorText(person)}</span>
    ),
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
  },
]

export function Members({ bar }: { bar: ReactNode }) {
  const { call } = useAdmin()
  const [query, setQuery] = useState('')
  const search = useDebounced(query.trim()) || undefined
  const ask = useCallback(
    async (cursor: string | undefined) => {
      const { operators, nextCursor } = await call.peoplePage({ search, cursor })
      return { rows: operators, nextCursor }
    },
    [call, search],
  )
  const pages = usePages(ask)
  return (
    <CollectionPage
      words={strings}
      icon={UsersRound}
      source={pages}
      columns={COLUMNS}
      keyOf={person => person.id}
      textOf={person => person.name}
      pages={pages}
      remote={{ query, onQuery: setQuery, isNarrowed: search !== undefined }}
      bar={bar}
      dialog={close => <InviteDialog onClose={close} />}
      drawer={(person, { close, reload }) => (
        <PersonDrawer key={person.id} person={person} onClose={close} onChanged={reload} />
      )}
    />
  )
}

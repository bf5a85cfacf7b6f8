import { FileTerminal } from 'lucide-react'
import { useCallback, useState } from 'react'
import { byNumber, byText, type Column } from '../../../components/table/columns.ts'
import { Ago } from '../../../components/times.tsx'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin, useAdminState } from '../admin-context.ts'
import { CollectionPage } from '../collection-page.tsx'
import { RunDialog } from './run-dialog.tsx'
import { ScriptDialog } from './script-dialog.tsx'
import { ScriptDrawer } from './script-drawer.tsx'
import { ScriptStatus } from './script-status.tsx'
import { type VersionedScript, withVersions } from './script-versions.ts'
import { libraryStrings as strings, TOOL_WORDS } from './strings.ts'

const COLUMNS: readonly Column<VersionedScript>[] = [
  {
    key: 'name',
    title: strings.columns.name,
    render: ({ name }) => <span className="font-medium">{name}</span>,
    hint: ({ name, description }) => `${name}\n${description}`,
    compare: byText(({ name }) => name),
  },
  {
    key: 'version',
    title: strings.columns.version,
    width: 80,
    render: ({ version }) => <span className="text-muted">{version}</span>,
  },
  {
    key: 'state',
    title: strings.columns.state,
    width: 168,
    render: script => <ScriptStatus script={script} />,
    compare: byText(({ approvedBy }) => (approvedBy === null ? '1' : '2')),
  },
  {
    key: 'runsAs',
    isWide: true,
    title: strings.columns.runsAs,
    width: 208,
    render: ({ definition }) => <span className="text-muted">{TOOL_WORDS[definition.tool]}</span>,
  },
  {
    key: 'author',
    isWide: true,
    title: strings.columns.author,
    width: 152,
    render: ({ author }) => <span className="text-muted">{author}</span>,
    hint: ({ author }) => author,
    compare: byText(({ author }) => author),
  },
  {
    key: 'made',
    title: strings.columns.made,
    width: 112,
    render: ({ createdAtMs }) => (
      <span className="text-muted">
        <Ago atMs={createdAtMs} />
      </span>
    ),
    compare: byNumber(({ createdAtMs }) => createdAtMs),
  },
]

/** The organisation's scripts: written by one administrator, approved by another, run in sessions and on devices. Who only runs them sees those that they may run. */
export function Scripts() {
  const { call } = useAdmin()
  const isAdministrator = useAdminState(state => state.rights?.administrator === true)
  const source = useLoaded(useCallback(async () => withVersions((await call.scriptLibrary(undefined)).scripts), [call]))
  const [running, setRunning] = useState<VersionedScript | null>(null)
  const [base, setBase] = useState<VersionedScript | null>(null)
  return (
    <>
      <CollectionPage
        words={isAdministrator ? strings : { ...strings, emptyHint: strings.emptyHintOperator }}
        icon={FileTerminal}
        source={source}
        columns={isAdministrator ? COLUMNS : COLUMNS.filter(({ key }) => key !== 'state')}
        keyOf={({ id }) => id}
        textOf={({ name, description, author, definition }) => `${name}\n${description}\n${author}\n${definition.text}`}
        firstOrder={{ column: 'name', isDescending: false }}
        dialog={isAdministrator ? close => <ScriptDialog onClose={close} /> : undefined}
        drawer={(script, acts) => (
          <ScriptDrawer
            key={script.id}
            script={script}
            {...acts}
            onRun={() => setRunning(script)}
            onVersion={isAdministrator ? () => setBase(script) : null}
          />
        )}
      />
      {running ? <RunDialog script={running} onClose={() => setRunning(null)} /> : null}
      {base ? (
        <ScriptDialog
          base={base}
          onClose={() => {
            setBase(null)
            void source.reload()
          }}
        />
      ) : null}
    </>
  )
}

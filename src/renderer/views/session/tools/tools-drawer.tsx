import { clsx } from 'clsx'
import { ChevronDown, ChevronUp, Eye, EyeOff, ShieldAlert, User, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Scope } from '#protocol/session/scopes.ts'
import type { ProcessRef } from '#protocol/tools/messages.ts'
import { isShell, levelOf, mayUseTool, type Tool } from '#protocol/tools/tools.ts'
import { Button } from '../../../components/button.tsx'
import { Notice } from '../../../components/notice.tsx'
import { ToolButton } from '../../../components/tool-button.tsx'
import { Waiting } from '../../../components/waiting.tsx'
import type { ToolsClient } from '../../../session/tools/tools-client.ts'
import type { OperatorApp } from '../../../stores/operator-app.ts'
import { setPreferences } from '../../../stores/ui-store.ts'
import { StepUpDialog } from '../../admin/step-up-dialog.tsx'
import { useApp, usePreferences } from '../../app-context.ts'
import { ProcessesTool } from './processes/processes-tool.tsx'
import { RegistryTool } from './registry/registry-tool.tsx'
import { ServicesTool } from './services/services-tool.tsx'
import { ShellTool } from './shell/shell-tool.tsx'
import { toolStrings as strings } from './strings.ts'
import { type ToolState, useTool } from './use-tool.ts'

/** One tool under the picture. Whose rights it has always stands beside its name; recordings run nothing. */
export function ToolsDrawer(props: {
  ticket: string
  tool: Tool
  client: ToolsClient | null
  scopes: readonly Scope[]
  onClose: () => void
}) {
  const { tool, client } = props
  const [isLarge, setLarge] = useState(false)
  const [runsAs, setRunsAs] = useState('')
  const isElevated = levelOf(tool) === 'elevated'
  const { isReplaying } = usePreferences(props.ticket)
  const isOfRecordings = isReplaying && isShell(tool)
  const name = isOfRecordings ? strings.recordings[levelOf(tool)] : strings.names[tool]
  return (
    <section
      aria-label={name}
      className={clsx('flex shrink-0 flex-col border-t border-line bg-surface', isLarge ? 'h-4/5' : 'h-1/2')}
    >
      <header className="flex h-9 shrink-0 items-center gap-2 border-b border-line pr-1.5 pl-3">
        <h2 className="font-semibold">{name}</h2>
        {runsAs === '' || isOfRecordings ? null : (
          <span
            className={clsx(
              'inline-flex h-6 items-center gap-1.5 rounded-md px-2 text-xs font-medium',
              isElevated ? 'bg-warn-soft text-warn-text' : 'bg-hover',
            )}
          >
            {isElevated ? <ShieldAlert aria-hidden size={14} /> : <User aria-hidden size={14} />}
            {strings.runsAs(runsAs)}
          </span>
        )}
        <div className="flex-1" />
        <ToolButton label={isLarge ? strings.smaller : strings.larger} onClick={() => setLarge(!isLarge)}>
          {isLarge ? <ChevronDown aria-hidden size={15} /> : <ChevronUp aria-hidden size={15} />}
        </ToolButton>
        <ToolButton label={strings.close} onClick={props.onClose}>
          <X aria-hidden size={15} />
        </ToolButton>
      </header>
      <StepUpDialog />
      {client ? (
        <OpenTool
          key={tool}
          ticket={props.ticket}
          tool={tool}
          client={client}
          scopes={props.scopes}
          onRunsAs={setRunsAs}
        />
      ) : (
        <p className="p-3 text-muted">{strings.noChannel}</p>
      )}
    </section>
  )
}

interface OpenToolProps {
  readonly ticket: string
  readonly tool: Tool
  readonly client: ToolsClient
  readonly scopes: readonly Scope[]
}

function OpenTool(props: OpenToolProps & { onRunsAs: (user: string) => void }) {
  const { tool, client } = props
  const { access, again } = useTool(props.ticket, client, tool)
  const user = access.name === 'open' ? access.state.runsAs : ''
  const { onRunsAs } = props
  useEffect(() => onRunsAs(user), [onRunsAs, user])
  switch (access.name) {
    case 'opening':
      return (
        <div className="grid flex-1 place-items-center">
          <Waiting words={strings.opening} />
        </div>
      )
    case 'waiting':
      return (
        <div className="grid flex-1 place-items-center px-6 text-center">
          <Waiting words={access.words} />
        </div>
      )
    case 'refused':
      return (
        <div className="flex flex-col items-start gap-3 p-3">
          <Notice tone="danger">{access.refusal.message}</Notice>
          <Button onClick={again}>{strings.again}</Button>
        </div>
      )
    case 'open':
      return (
        <>
          {access.state.twoPerson ? <WatchedLine client={client} watcher={access.state.watcher ?? null} /> : null}
          <ToolView {...props} state={access.state} />
        </>
      )
  }
}

/** Goes to the shell of the same level, where the session has it. */
function openerOf(app: OperatorApp, ticket: string, tool: Tool, scopes: readonly Scope[]) {
  const shell = levelOf(tool) === 'elevated' ? 'shell' : 'shell-user'
  if (!mayUseTool(scopes, shell)) return undefined
  return (shellAt: ProcessRef) => setPreferences(app.ui, ticket, { tool: shell, shellAt, isReplaying: false })
}

/** Who looks, or that nothing is taken because nobody does. */
function WatchedLine({ client, watcher: first }: { client: ToolsClient; watcher: string | null }) {
  const [watcher, setWatcher] = useState(first)
  useEffect(() => client.events.on('watched', message => setWatcher(message.watcher)), [client])
  return (
    <p
      role="status"
      className={clsx(
        'flex h-7 shrink-0 items-center gap-1.5 border-b border-line px-3 text-xs',
        watcher === null ? 'bg-warn-soft text-warn-text' : 'text-muted',
      )}
    >
      {watcher === null ? <EyeOff aria-hidden size={13} /> : <Eye aria-hidden size={13} />}
      {watcher === null ? strings.unwatched : strings.watchedBy(watcher)}
    </p>
  )
}

function ToolView({ ticket, tool, client, scopes, state }: OpenToolProps & { state: ToolState }) {
  const app = useApp()
  const { shellAt, isReplaying, terminals } = usePreferences(ticket)
  switch (tool) {
    case 'shell':
    case 'shell-user':
      return (
        <ShellTool
          ticket={ticket}
          tool={tool}
          client={client}
          state={state}
          at={shellAt}
          onBegun={() => setPreferences(app.ui, ticket, { shellAt: null })}
          isReplaying={isReplaying}
          onReplay={shows => setPreferences(app.ui, ticket, { isReplaying: shows })}
          shownBefore={terminals[tool] ?? []}
          onShow={shown => setPreferences(app.ui, ticket, { terminals: { ...terminals, [tool]: shown } })}
        />
      )
    case 'processes':
    case 'processes-user':
      return <ProcessesTool tool={tool} client={client} openShellAt={openerOf(app, ticket, tool, scopes)} />
    case 'services':
      return <ServicesTool client={client} />
    case 'registry':
      return <RegistryTool client={client} />
  }
}

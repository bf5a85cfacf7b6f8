import { clsx } from 'clsx'
import { Columns2, Film, Plus, ScrollText, X } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ScriptView } from '#protocol/scripts/http.ts'
import type { ScriptValues } from '#protocol/scripts/script.ts'
import type { ProcessRef, ShellName, TerminalView } from '#protocol/tools/messages.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import { Button } from '../../../../components/button.tsx'
import { Menu, MenuItem } from '../../../../components/menu.tsx'
import { Notice } from '../../../../components/notice.tsx'
import { ToolButton } from '../../../../components/tool-button.tsx'
import type { ToolsClient } from '../../../../session/tools/tools-client.ts'
import { useApp } from '../../../app-context.ts'
import { useTask } from '../../../use-task.ts'
import { ScriptDialog } from '../scripts/script-dialog.tsx'
import { scriptStrings } from '../scripts/strings.ts'
import { shellStrings as strings } from '../strings.ts'
import type { ToolState } from '../use-tool.ts'
import { Recordings } from './recordings.tsx'
import { TerminalPane } from './terminal-pane.tsx'

type ShellTool = Extract<Tool, 'shell' | 'shell-user'>

/** Shells in tabs; one may stand beside the shown one. They live at the device: closing this leaves them open. */
export function ShellTool(props: {
  ticket: string
  tool: ShellTool
  client: ToolsClient
  state: ToolState
  /** The first shell begins where this process works. */
  at: ProcessRef | null
  /** It was asked for. */
  onBegun: () => void
  /** The recordings are shown, for which no shell is opened. */
  isReplaying: boolean
  onReplay: (isReplaying: boolean) => void
  /** What was shown when this was here last, and is again where it is still open: the drawer may have been closed, or the connection lost. */
  shownBefore: readonly number[]
  onShow: (shown: readonly number[]) => void
}) {
  const { tool, client, state, at, onBegun, isReplaying } = props
  const { terminals, ended, forget, add } = useTerminals(client, state.terminals)
  const [shown, setShown] = useState(() => firstShown(state.terminals, props.shownBefore))
  const onShow = useRef(props.onShow)
  onShow.current = props.onShow
  useEffect(() => onShow.current(shown), [shown])
  const [isChoosing, setChoosing] = useState(false)
  const app = useApp()
  const { isBusy, refusal, run } = useTask()

  const open = useCallback(
    (shell: ShellName, beside?: number, where?: ProcessRef) =>
      run(async () => {
        const wish = { type: 'open', tool, shell, columns: 80, rows: 24 } as const
        const answer = await client.request(where ? { ...wish, at: where } : wish)
        if (answer.type !== 'opened') return
        add(answer.terminal)
        setShown([...(beside === undefined ? [] : [beside]), answer.terminal.terminal])
      }),
    [client, tool, run, add],
  )
  const runScript = (script: ScriptView, values: ScriptValues) => {
    setChoosing(false)
    void run(async () => {
      const { definition } = script
      const granted = await app.openTool(props.ticket, tool, script.id)
      const wish = { type: 'open', tool, shell: definition.program, columns: 80, rows: 24 } as const
      const answer = await client.request({ ...wish, script: { ...granted, definition, values } })
      if (answer.type !== 'opened') return
      add(answer.terminal)
      setShown([answer.terminal.terminal])
    })
  }
  const first = state.shells[0] ?? 'sh'
  // Whoever opens the tool wants a shell, and whoever opens its recordings doesn't.
  const [isFirst, setFirst] = useState(terminals.length === 0 || at !== null)
  useEffect(() => {
    if (!isFirst || isReplaying) return
    setFirst(false)
    onBegun()
    void open(first, undefined, at ?? undefined)
  }, [isFirst, isReplaying, first, open, at, onBegun])

  const end = (terminal: number) => {
    client.send({ type: 'close', tool, terminal })
    forget(terminal)
    setShown(before => before.filter(other => other !== terminal))
  }
  const leaveRecordings = () => {
    setFirst(false)
    props.onReplay(false)
  }
  if (isReplaying) return <Recordings tool={tool} client={client} onBack={leaveRecordings} />
  const isOpen = (number: number) => terminals.some(view => view.terminal === number)
  // Where the shown one ended another one takes its place.
  const visible = shown.some(isOpen) ? shown.filter(isOpen) : terminals.slice(-1).map(view => view.terminal)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div
        role="toolbar"
        aria-label={strings.new}
        className="flex h-8 shrink-0 items-center gap-1 border-b border-line px-1.5"
      >
        {terminals.map(view => (
          <Tab
            key={view.terminal}
            view={view}
            isShown={visible.includes(view.terminal)}
            onShow={() => setShown([view.terminal])}
            onEnd={() => end(view.terminal)}
          />
        ))}
        <Menu
          trigger={
            <ToolButton label={strings.new} disabled={isBusy}>
              <Plus aria-hidden size={14} />
            </ToolButton>
          }
          focusAfter={() => undefined}
        >
          {state.shells.map(shell => (
            <MenuItem key={shell} onSelect={() => void open(shell)}>
              {strings.open(shell)}
            </MenuItem>
          ))}
        </Menu>
        <ToolButton
          label={strings.split}
          hint={strings.splitHint}
          disabled={isBusy || visible.length !== 1}
          onClick={() => void open(first, visible[0])}
        >
          <Columns2 aria-hidden size={14} />
        </ToolButton>
        <div className="flex-1" />
        <ToolButton
          label={scriptStrings.button}
          hint={scriptStrings.buttonHint}
          disabled={isBusy}
          onClick={() => setChoosing(true)}
        >
          <ScrollText aria-hidden size={14} />
          {scriptStrings.button}
        </ToolButton>
        <ToolButton label={strings.recordings} hint={strings.recordingsHint} onClick={() => props.onReplay(true)}>
          <Film aria-hidden size={14} />
          {strings.recordings}
        </ToolButton>
      </div>
      {refusal ? <Notice tone="danger">{refusal.message}</Notice> : null}
      {isChoosing ? <ScriptDialog tool={tool} onRun={runScript} onClose={() => setChoosing(false)} /> : null}
      {visible.map(number =>
        ended.has(number) ? (
          <p key={number} role="status" className="shrink-0 border-b border-line px-3 py-1 text-xs">
            {strings.ended(viewOf(terminals, number).shell, ended.get(number) ?? null)}
          </p>
        ) : null,
      )}
      {visible.length === 0 ? (
        <div className="grid flex-1 place-items-center">
          <div className="flex flex-col items-center gap-2">
            <p>{strings.empty}</p>
            <p className="text-xs text-muted">{strings.emptyHint}</p>
            <Button isSmall disabled={isBusy} onClick={() => void open(first)}>
              {strings.open(first)}
            </Button>
          </div>
        </div>
      ) : (
        <div className="flex min-h-0 flex-1">
          {visible.map(number => (
            <TerminalPane key={number} client={client} tool={tool} view={viewOf(terminals, number)} />
          ))}
        </div>
      )}
    </div>
  )
}

function firstShown(open: readonly TerminalView[], before: readonly number[]): readonly number[] {
  const numbers = open.map(view => view.terminal)
  const again = before.filter(number => numbers.includes(number))
  return again.length > 0 ? again : numbers.slice(0, 1)
}

const viewOf = (terminals: readonly TerminalView[], number: number): TerminalView =>
  terminals.find(view => view.terminal === number) ?? {
    terminal: number,
    tool: 'shell',
    shell: '',
    runsAs: '',
    recording: '',
  }

function Tab(props: { view: TerminalView; isShown: boolean; onShow: () => void; onEnd: () => void }) {
  const name = strings.tab(props.view.terminal, props.view.shell)
  return (
    <span
      className={clsx(
        'flex h-6 items-center rounded-md text-xs',
        props.isShown ? 'bg-accent-soft text-accent-text' : 'hover:bg-hover',
      )}
    >
      <button type="button" aria-pressed={props.isShown} className="h-6 rounded-md pr-1 pl-2" onClick={props.onShow}>
        {name}
      </button>
      <button
        type="button"
        aria-label={strings.closeTab(name)}
        title={strings.closeTab(name)}
        className="grid size-6 place-items-center rounded-md hover:bg-hover"
        onClick={props.onEnd}
      >
        <X aria-hidden size={12} />
      </button>
    </span>
  )
}

function useTerminals(client: ToolsClient, known: readonly TerminalView[]) {
  const [terminals, setTerminals] = useState(known)
  const forget = useCallback(
    (terminal: number) => setTerminals(before => before.filter(view => view.terminal !== terminal)),
    [],
  )
  const scripts = useRef(new Set(known.flatMap(view => (view.isScript ? [view.terminal] : []))))
  const [ended, setEnded] = useState<ReadonlyMap<number, number | null>>(new Map())
  const add = useCallback((view: TerminalView) => {
    if (view.isScript) scripts.current.add(view.terminal)
    else scripts.current.delete(view.terminal)
    // A number is used again when the terminal that had it is over.
    setEnded(before => new Map([...before].filter(([terminal]) => terminal !== view.terminal)))
    setTerminals(before => [...before.filter(({ terminal }) => terminal !== view.terminal), view])
  }, [])
  useEffect(
    () =>
      client.events.on('exited', ({ terminal, exitCode }) => {
        // What a script printed is what it was run for: it stays until it is closed.
        if (scripts.current.has(terminal)) setEnded(before => new Map([...before, [terminal, exitCode]]))
        else forget(terminal)
      }),
    [client, forget],
  )
  return { terminals, ended, forget, add }
}

import { clsx } from 'clsx'
import { useEffect, useRef, useState } from 'react'
import type { WatchView } from '#protocol/tools/watch/http.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Notice } from '../../components/notice.tsx'
import type { ShownSession, WatchedTerminal } from '../../session/tools/shown-session.ts'
import { openShownTerminal } from '../../session/tools/shown-terminal.ts'
import { useApp } from '../app-context.ts'
import { darkScheme, terminalTheme } from '../session/tools/shell/terminal-theme.ts'
import { strings } from './strings.ts'
import { useWatchingSession } from './use-watching.ts'

/** A colleague's tools as they are used, for the second person without whom they take nothing. */
export function WatchDialog({ watch }: { watch: WatchView }) {
  const app = useApp()
  const { shown, refusal } = useWatchingSession(watch.sessionId)
  const [chosen, setChosen] = useState<string | null>(null)
  const { terminals, deeds, leftOutBytes, isBroken } = shown
  const terminal = terminals.find(({ key }) => key === chosen) ?? terminals.at(-1)
  const close = () => app.ui.setState({ dialog: null })
  return (
    <Dialog
      title={strings.watching(watch.operator.name, watch.deviceName)}
      onClose={close}
      className="w-[min(1180px,95vw)]"
    >
      <p className="mb-3 text-muted">{strings.watchingLead}</p>
      {refusal ? <Notice tone="danger">{`${strings.over} ${refusal.message}`}</Notice> : null}
      {isBroken ? <Notice tone="danger">{strings.broken}</Notice> : null}
      {leftOutBytes > 0 ? (
        <Notice tone="info">{strings.leftOut(Math.max(1, Math.round(leftOutBytes / 1024)))}</Notice>
      ) : null}
      <div className="flex h-[60vh] min-h-0 rounded-md border border-line">
        <div className="flex min-w-0 flex-1 flex-col">
          <div role="tablist" className="flex h-8 shrink-0 items-center gap-1 border-b border-line px-1.5">
            {terminals.map(other => (
              <button
                key={other.key}
                type="button"
                role="tab"
                aria-selected={other === terminal}
                onClick={() => setChosen(other.key)}
                className={clsx(
                  'h-6 rounded-md px-2 text-xs',
                  other === terminal ? 'bg-accent-soft text-accent-text' : 'hover:bg-hover',
                )}
              >
                {nameOf(other)}
              </button>
            ))}
          </div>
          {terminal ? (
            <Screen key={terminal.key} terminal={terminal} shown={shown} />
          ) : (
            <p className="grid flex-1 place-items-center text-muted">{strings.empty}</p>
          )}
        </div>
        <section aria-label={strings.deeds} className="w-64 shrink-0 overflow-auto border-l border-line">
          <h3 className="px-3 py-2 text-xs font-medium">{strings.deeds}</h3>
          {deeds.length === 0 ? <p className="px-3 text-xs text-muted">{strings.noDeeds}</p> : null}
          <ol>
            {deeds.map(({ number, text }) => (
              <li key={number} className="px-3 py-1 font-mono text-xs break-words">
                {text}
              </li>
            ))}
          </ol>
        </section>
      </div>
      <div className="mt-4 flex justify-end">
        <Button tone="primary" onClick={close}>
          {strings.stop}
        </Button>
      </div>
    </Dialog>
  )
}

const nameOf = ({ view }: WatchedTerminal) => strings.tab(view.shell, view.terminal, view.runsAs)

function Screen({ terminal, shown }: { terminal: WatchedTerminal; shown: ShownSession }) {
  const element = useRef<HTMLDivElement>(null)
  const { key, size } = terminal
  const first = useRef(size)
  const screen = useRef<ReturnType<typeof openShownTerminal> | null>(null)
  useEffect(() => {
    if (!element.current) return
    const opened = openShownTerminal(element.current, first.current, terminalTheme(darkScheme().matches))
    screen.current = opened
    for (const bytes of shown.pastOf(key)) opened.write(bytes)
    const stop = shown.events.on('output', output => {
      if (output.key === key) opened.write(output.bytes)
    })
    return () => {
      stop()
      opened.close()
    }
  }, [key, shown])
  useEffect(() => screen.current?.resize(size), [size])
  return (
    <section
      ref={element}
      aria-label={strings.screen(nameOf(terminal))}
      data-testid="watched"
      className="min-h-0 flex-1 overflow-auto p-1"
    />
  )
}

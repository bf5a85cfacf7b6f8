import { ArrowLeft } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { RecordingView } from '#protocol/tools/messages.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import { Notice } from '../../../../components/notice.tsx'
import { Moment } from '../../../../components/times.tsx'
import { ToolButton } from '../../../../components/tool-button.tsx'
import { Waiting } from '../../../../components/waiting.tsx'
import { type Cast, parseCast } from '../../../../session/tools/cast.ts'
import type { ToolRefusal, ToolsClient } from '../../../../session/tools/tools-client.ts'
import { useTask } from '../../../use-task.ts'
import { recordingStrings as strings } from '../strings.ts'
import { CastPlayer } from './cast-player.tsx'

const takeFocus = (element: HTMLElement | null) => element?.focus()

/** The shells that were recorded on this device, those of this session first: who, when, which commands; each can be played. */
export function Recordings({ tool, client, onBack }: { tool: Tool; client: ToolsClient; onBack: () => void }) {
  const { recordings, problem } = useRecordings(client, tool)
  const [chosen, setChosen] = useState<RecordingView | null>(null)
  const [cast, setCast] = useState<Cast | null>(null)
  const [percent, setPercent] = useState(0)
  const { isBusy, refusal, run } = useTask()
  const play = (view: RecordingView) =>
    run(async () => {
      setChosen(view)
      setCast(null)
      setCast((await readCast(client, tool, view, setPercent)) ?? null)
    })
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-8 shrink-0 items-center gap-2 border-b border-line px-1.5">
        <ToolButton label={strings.back} onClick={onBack}>
          <ArrowLeft aria-hidden size={14} />
        </ToolButton>
        <h3 className="text-xs font-medium">{strings.title}</h3>
      </div>
      {(refusal ?? problem) ? <Notice tone="danger">{(refusal ?? problem)?.message}</Notice> : null}
      <div className="flex min-h-0 flex-1">
        <nav
          ref={takeFocus}
          tabIndex={-1}
          aria-label={strings.title}
          className="w-80 shrink-0 overflow-auto border-r border-line outline-none"
        >
          {recordings === null && !problem ? <Waiting words={strings.reading} /> : null}
          {recordings?.length === 0 ? <p className="p-3 text-muted">{strings.none}</p> : null}
          {groupsOf(recordings ?? []).map(([title, views]) => (
            <section key={title} aria-label={title}>
              <h4 className="px-3 pt-2 pb-1 text-xs font-medium text-muted">{title}</h4>
              {views.map(view => (
                <Entry
                  key={view.name}
                  view={view}
                  isChosen={chosen?.name === view.name}
                  isOff={isBusy}
                  onPlay={() => void play(view)}
                />
              ))}
            </section>
          ))}
        </nav>
        {isBusy ? (
          <div className="grid flex-1 place-items-center">
            <Waiting words={strings.loading(percent)} />
          </div>
        ) : null}
        {cast && chosen && !isBusy ? <CastPlayer key={chosen.name} cast={cast} /> : null}
        {chosen === null && (recordings?.length ?? 0) > 0 ? (
          <p className="grid flex-1 place-items-center text-muted">{strings.choose}</p>
        ) : null}
      </div>
    </div>
  )
}

function groupsOf(recordings: readonly RecordingView[]): readonly (readonly [string, readonly RecordingView[]])[] {
  const { true: here = [], false: before = [] } = Object.groupBy(recordings, view => `${view.isOfSession}`)
  return (
    [
      [strings.ofSession, here],
      [strings.ofBefore, before],
    ] as const
  ).filter(([, views]) => views.length > 0)
}

function Entry(props: { view: RecordingView; isChosen: boolean; isOff: boolean; onPlay: () => void }) {
  const { startedAtMs, label, commands } = props.view
  const failed = commands.filter(({ exitCode }) => exitCode !== 0).length
  return (
    <button
      type="button"
      aria-pressed={props.isChosen}
      disabled={props.isOff}
      onClick={props.onPlay}
      className="w-full px-3 py-1.5 text-left hover:bg-hover aria-pressed:bg-accent-soft"
    >
      <span className="block tabular-nums">
        <Moment atMs={startedAtMs} />
      </span>
      <span className="flex items-baseline justify-between gap-2 text-xs text-muted">
        <span className="truncate">{label}</span>
        {commands.length > 0 ? (
          <span className={failed > 0 ? 'shrink-0 text-danger-text' : 'shrink-0'}>
            {strings.commandCount(commands.length, failed)}
          </span>
        ) : null}
      </span>
    </button>
  )
}

function useRecordings(client: ToolsClient, tool: Tool) {
  const [recordings, setRecordings] = useState<readonly RecordingView[] | null>(null)
  const [problem, setProblem] = useState<ToolRefusal | null>(null)
  useEffect(() => {
    let gathered: RecordingView[] = []
    const stop = client.events.on('recordings', part => {
      gathered = [...gathered, ...part.recordings]
      if (part.isLast) setRecordings(gathered)
    })
    client.request({ type: 'list', tool, list: 'recordings' }).catch(setProblem)
    return stop
  }, [client, tool])
  return { recordings, problem }
}

/** What a device may have one say: more than it ever records. */
const CAST_MAX_CHARACTERS = 48 * 1024 * 1024

async function readCast(
  client: ToolsClient,
  tool: Tool,
  { name, bytes }: RecordingView,
  onPercent: (percent: number) => void,
) {
  const parts: string[] = []
  let offset: number | null = 0
  let characters = 0
  while (offset !== null && characters < CAST_MAX_CHARACTERS) {
    onPercent(Math.min(99, Math.round((offset / Math.max(1, bytes)) * 100)))
    const part = await client.request({ type: 'list', tool, list: 'recording', name, offset })
    if (part.type !== 'part') return undefined
    parts.push(part.text)
    characters += part.text.length
    // A part that says nothing would be followed by another one for ever.
    offset = part.text === '' ? null : part.next
  }
  return parseCast(parts.join(''))
}

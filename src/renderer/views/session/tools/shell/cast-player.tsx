import { Pause, Play } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { SearchField } from '../../../../components/search-field.tsx'
import { Segmented } from '../../../../components/segmented.tsx'
import { ToolButton } from '../../../../components/tool-button.tsx'
import { type Cast, type CastCommand, commandsOf } from '../../../../session/tools/cast.ts'
import { CastSearch } from '../../../../session/tools/cast-search.ts'
import { recordingStrings as strings } from '../strings.ts'
import { type Playback, usePlayback } from './use-playback.ts'

const SPEEDS = ['1', '2', '4', '16'] as const

/** Plays a recording; its commands and a search in what was printed lead to their places. */
export function CastPlayer({ cast }: { cast: Cast }) {
  const element = useRef<HTMLDivElement>(null)
  const [speed, setSpeed] = useState<(typeof SPEEDS)[number]>('1')
  const commands = useMemo(() => commandsOf(cast), [cast])
  const playback = usePlayback(element, cast, Number(speed))
  const { atS, isPlaying, seek, toggle } = playback
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-2 px-2">
        <ToolButton label={isPlaying ? strings.pause : strings.play} onClick={toggle}>
          {isPlaying ? <Pause aria-hidden size={14} /> : <Play aria-hidden size={14} />}
        </ToolButton>
        <input
          type="range"
          aria-label={strings.position}
          aria-valuetext={clock(atS)}
          min={0}
          max={Math.max(0.1, cast.lengthS)}
          step={0.1}
          value={Math.min(atS, cast.lengthS)}
          onChange={event => seek(Number(event.target.value))}
          className="min-w-0 flex-1 accent-accent"
        />
        <span className="text-xs text-muted tabular-nums">{`${clock(atS)} / ${clock(cast.lengthS)}`}</span>
        <Segmented
          label={strings.speed}
          value={speed}
          onChange={setSpeed}
          options={SPEEDS.map(value => ({ value, label: strings.times(Number(value)) }))}
        />
        <Find cast={cast} playback={playback} />
      </div>
      <div className="flex min-h-0 flex-1">
        <div ref={element} data-testid="cast" className="min-w-0 flex-1 overflow-auto p-1" />
        <Commands commands={commands} onSeek={seek} />
      </div>
    </div>
  )
}

/** Enter goes to the next place where the words stand. */
function Find({ cast, playback: { atS, seek } }: { cast: Cast; playback: Playback }) {
  const [words, setWords] = useState('')
  const [isMissing, setMissing] = useState(false)
  const search = useMemo(() => new CastSearch(cast), [cast])
  const field = useRef<HTMLInputElement>(null)
  const go = () => {
    const placeS = search.next(words, atS)
    setMissing(placeS === undefined && words !== '')
    if (placeS !== undefined) seek(placeS)
  }
  return (
    <>
      <SearchField
        label={strings.find}
        value={words}
        field={field}
        onChange={value => {
          setWords(value)
          setMissing(false)
        }}
        onDown={go}
        onEnter={go}
      />
      <span role="status" className={isMissing ? 'text-xs text-danger-text' : 'sr-only'}>
        {isMissing ? strings.notFound : ''}
      </span>
    </>
  )
}

function Commands(props: { commands: readonly CastCommand[]; onSeek: (seconds: number) => void }) {
  const { commands, onSeek } = props
  return (
    <section aria-label={strings.commands} className="w-56 shrink-0 overflow-auto border-l border-line">
      <h4 className="px-3 py-1.5 text-xs font-medium">{strings.commands}</h4>
      {commands.length === 0 ? <p className="px-3 text-xs text-muted">{strings.noCommands}</p> : null}
      {commands.map(({ atS, command, exitCode }, index) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: two commands may be one another's likeness, and none moves
          key={index}
          type="button"
          title={command}
          onClick={() => onSeek(atS)}
          className="flex w-full items-baseline justify-between gap-2 px-3 py-1 text-left text-xs hover:bg-hover"
        >
          <span className="truncate font-mono">{command}</span>
          <span className={exitCode ? 'shrink-0 text-danger-text' : 'shrink-0 text-muted'}>
            {strings.exit(exitCode)}
          </span>
        </button>
      ))}
    </section>
  )
}

const clock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`

import { Pause, Play } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { RecordingView } from '#protocol/tools/messages.ts'
import { ToolButton } from '../../../../components/tool-button.tsx'
import type { Cast } from '../../../../session/tools/cast.ts'
import { type CastScreen, openCastScreen } from '../../../../session/tools/cast-screen.ts'
import { recordingStrings as strings } from '../strings.ts'
import { darkScheme, terminalTheme } from './terminal-theme.ts'

const TICK_MS = 50
/** A pause in a recording says nothing; it is played as this. */
const PAUSE_MAX_S = 2

/** Plays a recording; the commands lead to their places. */
export function CastPlayer({ cast, commands }: { cast: Cast; commands: RecordingView['commands'] }) {
  const element = useRef<HTMLDivElement>(null)
  const screen = useRef<CastScreen | null>(null)
  const [atS, setAtS] = useState(0)
  const [isPlaying, setPlaying] = useState(true)
  useEffect(() => {
    if (!element.current) return
    const opened = openCastScreen(element.current, cast, terminalTheme(darkScheme().matches))
    screen.current = opened
    return () => opened.close()
  }, [cast])
  const show = useCallback((seconds: number) => {
    screen.current?.show(seconds)
    setAtS(seconds)
  }, [])
  useEffect(() => {
    if (!isPlaying) return
    const timer = setInterval(() => {
      setAtS(before => {
        const next = nextMoment(cast, before)
        screen.current?.show(next)
        return next
      })
    }, TICK_MS)
    return () => clearInterval(timer)
  }, [cast, isPlaying])
  const isOver = atS >= cast.lengthS
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className="flex h-9 shrink-0 items-center gap-2 px-2">
        <ToolButton
          label={isPlaying && !isOver ? strings.pause : strings.play}
          onClick={() => {
            if (isOver) show(0)
            setPlaying(isOver || !isPlaying)
          }}
        >
          {isPlaying && !isOver ? <Pause aria-hidden size={14} /> : <Play aria-hidden size={14} />}
        </ToolButton>
        <input
          type="range"
          aria-label={strings.position}
          min={0}
          max={Math.max(0.1, cast.lengthS)}
          step={0.1}
          value={Math.min(atS, cast.lengthS)}
          onChange={event => show(Number(event.target.value))}
          className="min-w-0 flex-1 accent-accent"
        />
        <span className="text-xs text-muted tabular-nums">{`${clock(atS)} / ${clock(cast.lengthS)}`}</span>
      </div>
      <div className="flex min-h-0 flex-1">
        <div ref={element} data-testid="cast" className="min-w-0 flex-1 overflow-auto p-1" />
        <section aria-label={strings.commands} className="w-64 shrink-0 overflow-auto border-l border-line">
          <h4 className="px-3 py-1.5 text-xs font-medium">{strings.commands}</h4>
          {commands.length === 0 ? <p className="px-3 text-xs text-muted">{strings.noCommands}</p> : null}
          {commands.map(({ atS: commandAtS, command, exitCode }) => (
            <button
              key={commandAtS}
              type="button"
              onClick={() => show(commandAtS)}
              className="flex w-full items-baseline justify-between gap-2 px-3 py-1 text-left text-xs hover:bg-hover"
            >
              <span className="truncate font-mono">{command}</span>
              <span className={exitCode ? 'shrink-0 text-danger-text' : 'shrink-0 text-muted'}>
                {strings.exit(exitCode)}
              </span>
            </button>
          ))}
        </section>
      </div>
    </div>
  )
}

function nextMoment(cast: Cast, atS: number): number {
  const next = cast.events.find(event => event.atS > atS)?.atS
  if (next === undefined) return cast.lengthS
  return next - atS > PAUSE_MAX_S ? next - PAUSE_MAX_S : Math.min(cast.lengthS, atS + TICK_MS / 1000)
}

const clock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`

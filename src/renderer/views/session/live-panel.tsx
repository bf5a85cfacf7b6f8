import { X } from 'lucide-react'
import type { SessionTab } from '#ipc/operator.ts'
import type { LiveState } from '#protocol/session/state.ts'
import { exactText } from '../../components/format/duration.ts'
import { ageText, bitrateText, millisecondsText, NOTHING, rateText } from '../../components/format/figures.ts'
import { Ago } from '../../components/times.tsx'
import { ToolButton } from '../../components/tool-button.tsx'
import type { PeerView } from '../../stores/peer-store.ts'
import { setPreferences } from '../../stores/ui-store.ts'
import { useApp } from '../app-context.ts'
import { PictureSettingsSection } from './picture-settings.tsx'
import { panelStrings as strings } from './strings.ts'
import { useFigures } from './use-figures.ts'

/** How well the connection does, in the units that people quote to each other. */
export function LivePanel(props: { tab: SessionTab; state: LiveState; peer: PeerView | undefined; isShown: boolean }) {
  const app = useApp()
  const { figures, screen, roundTripMs } = useFigures(props.peer, props.isShown)
  const engine = props.peer?.engine
  const size = props.peer?.size ? `${props.peer.size.width} × ${props.peer.size.height}` : NOTHING
  const path = figures?.path ? `${strings.paths[figures.path.kind]} (${figures.path.protocol.toUpperCase()})` : NOTHING
  const rows: readonly (readonly [string, string, string?])[] = [
    [strings.latency, millisecondsText(roundTripMs), strings.latencyHint],
    [strings.network, millisecondsText(figures?.networkRoundTripMs)],
    [strings.age, ageText(screen?.ageMs), strings.ageHint],
    [strings.engine, engine ? strings.engines[engine.mode] : NOTHING, strings.engineHint],
    [strings.codec, engine?.mode === 'tiles' ? strings.lossless : (engine?.codec ?? figures?.codec ?? NOTHING)],
    [strings.frames, `${rateText(screen?.framesPerSecond)} ${strings.framesUnit}`],
    [strings.bitrate, bitrateText(sum(screen?.tileBitsPerSecond, figures?.bitsPerSecond))],
    ...(engine?.targetKbps === undefined
      ? []
      : [[strings.target, bitrateText(engine.targetKbps * 1_000), strings.targetHint] as const]),
    [strings.decode, millisecondsText(figures?.decodeMs)],
    [strings.jitter, millisecondsText(figures?.jitterBufferMs)],
    [strings.lost, figures?.packetsLost === undefined ? NOTHING : String(figures.packetsLost)],
    [strings.resolution, size],
    [strings.path, path],
  ]
  return (
    <aside
      aria-label={strings.title}
      className="flex w-64 shrink-0 flex-col overflow-auto border-l border-line bg-surface"
    >
      <header className="flex h-9 shrink-0 items-center justify-between pr-1.5 pl-3">
        <h2 className="font-semibold">{strings.title}</h2>
        <ToolButton
          label={strings.close}
          onClick={() => setPreferences(app.ui, props.tab.ticket, { isPanelOpen: false })}
        >
          <X aria-hidden size={15} />
        </ToolButton>
      </header>
      <PictureSettingsSection ticket={props.tab.ticket} />
      <dl className="px-3">
        {rows.map(([label, value, hint]) => (
          <div
            key={label}
            title={hint}
            className="flex items-baseline justify-between gap-3 border-t border-line py-1.5"
          >
            <dt className="shrink-0 text-muted">{label}</dt>
            <dd data-selectable className="text-right tabular-nums">
              {value}
            </dd>
          </div>
        ))}
        <div className="flex items-baseline justify-between gap-3 border-t border-line py-1.5">
          <dt className="text-muted">{strings.since}</dt>
          <dd>
            <Ago atMs={props.tab.startedAtMs} />
          </dd>
        </div>
        <div className="flex items-baseline justify-between gap-3 border-y border-line py-1.5">
          <dt className="text-muted">{strings.granted}</dt>
          <dd title={exactText(props.state.untilMs)} className="tabular-nums">
            {new Date(props.state.untilMs).toLocaleTimeString(undefined, { timeStyle: 'short' })}
          </dd>
        </div>
      </dl>
      <p className="p-3 text-xs text-muted">{strings.note}</p>
    </aside>
  )
}

const sum = (a: number | undefined, b: number | undefined) =>
  a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0)

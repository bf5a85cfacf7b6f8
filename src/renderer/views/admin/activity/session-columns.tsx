import { CircleCheck, CircleDot, CirclePause, CircleX, type LucideIcon } from 'lucide-react'
import type { SessionState } from '#protocol/session/state.ts'
import type { SessionEntry } from '#protocol/sessions-http.ts'
import { clockText } from '../../../components/format/duration.ts'
import { Status, type StatusTone } from '../../../components/status.tsx'
import type { Column } from '../../../components/table/columns.ts'
import { Elapsed, Moment } from '../../../components/times.tsx'
import { strings as shell } from '../../shell/strings.ts'
import { END_REASON_WORDS, strings } from './session-strings.ts'

/** How a session stands, or how it ended. */
export const stateText = (state: SessionState): string =>
  state.name === 'closed' || state.name === 'ending' ? END_REASON_WORDS[state.reason] : shell.states[state.name]

function look({ name }: SessionState): { tone: StatusTone; icon: LucideIcon } {
  if (name === 'active') return { tone: 'ok', icon: CircleCheck }
  if (name === 'paused' || name === 'reconnecting') return { tone: 'warn', icon: CirclePause }
  if (name === 'closed' || name === 'ending') return { tone: 'muted', icon: CircleX }
  return { tone: 'accent', icon: CircleDot }
}

/** From the first picture to the end; counts up while it lives. */
export function SessionLength({ session: { connectedAtMs, endedAtMs } }: { session: SessionEntry }) {
  if (connectedAtMs === null) return <span className="text-muted">–</span>
  if (endedAtMs === null) return <Elapsed sinceMs={connectedAtMs} />
  return clockText(endedAtMs - connectedAtMs)
}

export const SESSION_COLUMNS: readonly Column<SessionEntry>[] = [
  {
    key: 'state',
    title: strings.columns.state,
    width: 216,
    render: ({ state }) => <Status {...look(state)} word={stateText(state)} />,
    hint: ({ state }) => stateText(state),
  },
  {
    key: 'device',
    title: strings.columns.device,
    render: ({ deviceName }) => <span className="font-medium">{deviceName}</span>,
    hint: ({ deviceName }) => deviceName,
  },
  {
    key: 'operator',
    title: strings.columns.operator,
    render: ({ operator }) => operator.name,
    hint: ({ operator }) => `${operator.name} – ${operator.email}`,
  },
  {
    key: 'reason',
    isWide: true,
    title: strings.columns.reason,
    render: ({ reason }) => <span className="text-muted">{reason}</span>,
    hint: ({ reason }) => reason,
  },
  {
    key: 'at',
    title: strings.columns.at,
    width: 152,
    render: ({ requestedAtMs }) => (
      <span className="text-muted">
        <Moment atMs={requestedAtMs} />
      </span>
    ),
  },
  {
    key: 'length',
    title: strings.columns.length,
    width: 84,
    isRight: true,
    render: session => <SessionLength session={session} />,
  },
]

import {
  Ban,
  CircleCheck,
  CircleSlash,
  CircleX,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  Timer,
  UserCheck,
  WifiOff,
} from 'lucide-react'
import type { RunDevice, RunState, RunSummary } from '#protocol/scripts/runs-http.ts'
import type { StatusTone } from '../../../components/status.tsx'
import { STATE_WORDS } from './strings.ts'

/** What a person reads of a state: a device that is queued and away waits for itself and for nothing else. */
export type ShownState = RunState | 'offline'

export const shownState = ({ state, online }: Pick<RunDevice, 'state' | 'online'>): ShownState =>
  state === 'queued' && !online ? 'offline' : state

const LOOKS: Readonly<Record<ShownState, { readonly tone: StatusTone; readonly icon: LucideIcon }>> = {
  awaiting: { tone: 'warn', icon: UserCheck },
  queued: { tone: 'muted', icon: Hourglass },
  offline: { tone: 'warn', icon: WifiOff },
  sent: { tone: 'accent', icon: Hourglass },
  running: { tone: 'accent', icon: LoaderCircle },
  done: { tone: 'ok', icon: CircleCheck },
  failed: { tone: 'danger', icon: CircleX },
  refused: { tone: 'danger', icon: Ban },
  cancelled: { tone: 'muted', icon: CircleSlash },
  expired: { tone: 'warn', icon: Timer },
}

export const lookOf = (state: ShownState) => ({ ...LOOKS[state], word: STATE_WORDS[state] })

const LIVE = new Set<RunState>(['awaiting', 'queued', 'sent', 'running'])
export const isLive = ({ counts }: Pick<RunSummary, 'counts'>): boolean =>
  Object.entries(counts).some(([state, count]) => LIVE.has(state as RunState) && count > 0)

/** Nothing of it goes on before a second person has answered. */
export const isAwaiting = ({ counts: { awaiting = 0, ...others } }: Pick<RunSummary, 'counts'>): boolean =>
  awaiting > 0 && !isLive({ counts: others })

/** Those that are worth another try. */
const UNDONE = new Set<RunState>(['failed', 'refused', 'cancelled', 'expired'])
export const isUndone = ({ state }: Pick<RunDevice, 'state'>): boolean => UNDONE.has(state)

export const countsText = ({ counts }: Pick<RunSummary, 'counts'>): string => textOf(Object.entries(counts))

/** As `countsText`, where it is known which devices are away. */
export function devicesText(devices: readonly RunDevice[]): string {
  const counts = new Map<ShownState, number>()
  for (const device of devices) counts.set(shownState(device), (counts.get(shownState(device)) ?? 0) + 1)
  return textOf([...counts])
}

const textOf = (counts: readonly (readonly [state: string, count: number])[]): string =>
  counts.map(([state, count]) => `${count} ${STATE_WORDS[state as ShownState].toLowerCase()}`).join(', ')

import { FileWarning, MonitorOff, Pause, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import type { LiveState } from '#protocol/session/state.ts'
import { Left } from '../../components/times.tsx'
import { Waiting } from '../../components/waiting.tsx'
import type { PeerView } from '../../stores/peer-store.ts'
import { overStrings, problemStrings, liveStrings as strings } from './strings.ts'

/** What stands over the picture while it isn't live: the most telling reason only. */
export function PictureNote({
  state,
  peer,
  hasPicture,
}: {
  state: LiveState
  peer: PeerView | undefined
  hasPicture: boolean
}) {
  // The device says so before main does: nothing that is shown now may look alive.
  if (peer?.ended) return <Working words={overStrings.ending} />
  if (state.name === 'paused') {
    const title = state.by === 'user' ? strings.pausedByUser : strings.pausedByPolicy
    return <Note icon={<Pause aria-hidden size={20} />} title={title} text={strings.pausedHint} />
  }
  if (state.name === 'reconnecting') {
    return (
      <Note
        icon={<Unplug aria-hidden size={20} />}
        title={strings.reconnecting}
        text={
          <>
            {strings.reconnectingHint} <Left untilMs={state.giveUpAtMs} />.
          </>
        }
      />
    )
  }
  if (!peer || peer.link === 'closed' || peer.link === 'down') {
    return <Note icon={<Unplug aria-hidden size={20} />} title={strings.reconnecting} text={strings.peerLost} />
  }
  if (peer.unreadable) {
    return (
      <Note icon={<FileWarning aria-hidden size={20} />} title={strings.unreadable} text={strings.unreadableHint} />
    )
  }
  const problem = peer.engine?.problem
  if (problem && (!hasPicture || peer.screenProblem !== null)) {
    const [title, next] = problemStrings[problem]
    return <Note icon={<MonitorOff aria-hidden size={20} />} title={title} text={next} />
  }
  if (peer.screenProblem !== null) {
    return <Note icon={<MonitorOff aria-hidden size={20} />} title={strings.noPicture} text={peer.screenProblem} />
  }
  if (hasPicture) return null
  return <Working words={peer.link === 'up' ? strings.firstPicture : strings.connecting} />
}

const Working = ({ words }: { words: string }) => (
  <Veil>
    <div className="rounded-lg bg-raised px-4 py-3 shadow-float">
      <Waiting words={words} />
    </div>
  </Veil>
)

function Note({ icon, title, text }: { icon: ReactNode; title: string; text: ReactNode }) {
  return (
    <Veil>
      <div
        role="status"
        className="flex max-w-[420px] items-start gap-3 rounded-lg bg-raised p-4 text-text shadow-float"
      >
        <span className="mt-0.5 text-muted">{icon}</span>
        <div className="min-w-0">
          <p className="text-base font-semibold">{title}</p>
          <p className="break-words text-muted">{text}</p>
        </div>
      </div>
    </Veil>
  )
}

const Veil = ({ children }: { children: ReactNode }) => (
  <div className="absolute inset-0 grid place-items-center bg-stage/60 p-6">{children}</div>
)

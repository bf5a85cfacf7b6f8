import { assertNever } from '#protocol/assert-never.ts'
import { useTab, useUi } from '../app-context.ts'
import { IssuedPassword } from '../unattended/issued-password.tsx'
import { LingeringSession } from '../unattended/lingering-session.tsx'
import { LiveSession } from './live-session.tsx'
import { OverSession } from './over-session.tsx'
import { WaitingSession } from './waiting-session.tsx'

/** One tab's content, from the request to the reason of its end. Stays mounted while another tab is shown. */
export function SessionView({ ticket }: { ticket: string }) {
  const tab = useTab(ticket)
  const isShown = useUi(state => state.selected === ticket)
  if (!tab) return null
  const { state } = tab
  switch (state.name) {
    case 'requested':
    case 'queued':
    case 'notifying':
    case 'awaiting-consent':
    case 'awaiting-approval':
    case 'arming':
    case 'granted':
    case 'armed':
    case 'connecting':
      // A refusal can reach this window before the state that it led to.
      return tab.error ? <OverSession tab={tab} /> : <WaitingSession tab={tab} />
    case 'otp-issued':
      return tab.error ? <OverSession tab={tab} /> : <IssuedPassword tab={tab} untilMs={state.untilMs} />
    case 'lingering':
      return <LingeringSession tab={tab} untilMs={state.untilMs} />
    case 'active':
    case 'paused':
    case 'reconnecting':
      return <LiveSession tab={tab} state={state} isShown={isShown} />
    case 'ending':
    case 'closed':
      return <OverSession tab={tab} />
    default:
      return assertNever(state)
  }
}

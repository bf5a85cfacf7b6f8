import { ClockAlert, type LucideIcon, Unplug } from 'lucide-react'
import { assertNever } from '#protocol/assert-never.ts'
import { Left } from '../../components/times.tsx'
import { useReady } from '../app-context.ts'
import { linkStrings } from './link-strings.ts'

/** Says when what is shown may be old, and when the next try comes; while the relay is there only that this computer's clock is wrong, where it is. */
export function LinkBar() {
  const link = useReady(state => state.link)
  switch (link.name) {
    case 'online':
      return link.clock === null ? null : <Bar icon={ClockAlert}>{link.clock}</Bar>
    case 'offline':
      return null
    case 'connecting':
      return <Bar>{linkStrings.connecting}</Bar>
    case 'interrupted':
      return (
        <Bar>
          {link.message} {linkStrings.nextTry} <Left untilMs={link.retryAtMs} />.
        </Bar>
      )
    default:
      return assertNever(link)
  }
}

function Bar({ icon: Icon = Unplug, children }: { icon?: LucideIcon; children: React.ReactNode }) {
  return (
    <div role="status" className="flex items-center gap-2 bg-warn-soft px-5 py-1.5 text-warn-text">
      <Icon aria-hidden size={14} className="shrink-0" />
      <span>{children}</span>
    </div>
  )
}

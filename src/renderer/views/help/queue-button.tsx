import { clsx } from 'clsx'
import { LifeBuoy } from 'lucide-react'
import { ToolButton } from '../../components/tool-button.tsx'
import { useReady } from '../app-context.ts'
import { strings } from './strings.ts'

/** Opens the queue, and says how many are in it. */
export function QueueButton({ isOpen, onToggle }: { isOpen: boolean; onToggle: () => void }) {
  const count = useReady(state => state.help.waiting.length)
  return (
    <ToolButton
      label={strings.queueLabel(count)}
      aria-pressed={isOpen}
      className={clsx('h-8 gap-1.5 px-2', count > 0 && 'font-medium text-warn-text')}
      onClick={onToggle}
    >
      <LifeBuoy aria-hidden size={15} />
      <span role="status">{strings.queue(count)}</span>
    </ToolButton>
  )
}

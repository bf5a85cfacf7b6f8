import { clsx } from 'clsx'
import { LifeBuoy } from 'lucide-react'
import type { Ref } from 'react'
import { ToolButton } from '../../components/tool-button.tsx'
import { useReady } from '../app-context.ts'
import { strings } from './strings.ts'

/** Opens the queue, and says how many are in it. */
export function QueueButton({
  isOpen,
  onToggle,
  ref,
}: {
  isOpen: boolean
  onToggle: () => void
  ref?: Ref<HTMLButtonElement>
}) {
  const count = useReady(state => state.help.waiting.length)
  return (
    <>
      <ToolButton
        ref={ref}
        label={strings.queueLabel(count)}
        aria-pressed={isOpen}
        className={clsx('h-8 gap-1.5 px-2', count > 0 && 'font-medium text-warn-text')}
        onClick={onToggle}
      >
        <LifeBuoy aria-hidden size={15} />
        {strings.queue(count)}
      </ToolButton>
      {/* What stands in a button isn't read out when it changes. */}
      <span role="status" className="sr-only">
        {count === 0 ? '' : strings.queueLabel(count)}
      </span>
    </>
  )
}

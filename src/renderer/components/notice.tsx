import { clsx } from 'clsx'
import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

export type NoticeTone = 'info' | 'warn' | 'danger'

const LOOKS = {
  info: { icon: Info, className: 'bg-accent-soft text-accent-text' },
  warn: { icon: TriangleAlert, className: 'bg-warn-soft text-warn-text' },
  danger: { icon: CircleAlert, className: 'bg-danger-soft text-danger-text' },
} as const

/** A message with its icon; read out at once where it is an alarm, else when the person pauses. */
export function Notice({
  tone,
  children,
  action,
  className,
}: {
  tone: NoticeTone
  children: ReactNode
  action?: ReactNode
  className?: string
}) {
  const { icon: Icon, className: look } = LOOKS[tone]
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={clsx('flex items-start gap-2 rounded-md px-3 py-2', look, className)}
    >
      <Icon aria-hidden size={16} className="mt-0.5 shrink-0" />
      <div data-selectable className="min-w-0 flex-1 break-words">
        {children}
      </div>
      {action}
    </div>
  )
}

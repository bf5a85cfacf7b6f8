import { clsx } from 'clsx'
import type { LucideIcon } from 'lucide-react'

export type StatusTone = 'ok' | 'accent' | 'warn' | 'danger' | 'muted'

const TONES: Record<StatusTone, string> = {
  ok: 'text-ok-text',
  accent: 'text-accent-text',
  warn: 'text-warn-text',
  danger: 'text-danger-text',
  muted: 'text-muted',
}

/** A state as icon and word, never as a colour alone. */
export function Status({ tone, icon: Icon, word }: { tone: StatusTone; icon: LucideIcon; word: string }) {
  return (
    <span className={clsx('inline-flex max-w-full items-center gap-1.5 align-middle', TONES[tone])}>
      <Icon aria-hidden size={14} className="shrink-0" />
      <span className="truncate">{word}</span>
    </span>
  )
}

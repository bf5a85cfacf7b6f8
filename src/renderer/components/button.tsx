import { clsx } from 'clsx'
import type { ComponentProps } from 'react'

export type ButtonTone = 'primary' | 'secondary' | 'quiet' | 'danger'

const TONES: Record<ButtonTone, string> = {
  primary: 'bg-accent text-on-accent not-disabled:hover:bg-accent-hover',
  secondary: 'border border-line-strong bg-surface not-disabled:hover:bg-hover',
  quiet: 'not-disabled:hover:bg-hover',
  danger: 'bg-danger text-on-danger not-disabled:hover:bg-danger-hover',
}

export function Button({
  tone = 'secondary',
  isSmall = false,
  className,
  ...rest
}: ComponentProps<'button'> & { tone?: ButtonTone; isSmall?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      className={clsx(
        'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap disabled:opacity-50',
        isSmall ? 'h-7 px-2.5 text-xs' : 'h-8 px-3 text-sm',
        TONES[tone],
        className,
      )}
    />
  )
}

import { clsx } from 'clsx'
import { Tooltip } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'

/** A toolbar's button: an icon, a name for everybody, and the name as a hint under the pointer or the focus. */
export function ToolButton({
  label,
  shortcut,
  hint,
  children,
  className,
  ...rest
}: ComponentProps<'button'> & { label: string; shortcut?: string; hint?: string; children: ReactNode }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <button
          type="button"
          aria-label={label}
          {...rest}
          className={clsx(
            'inline-flex h-7 min-w-7 shrink-0 items-center justify-center gap-1 rounded-md px-1.5 text-xs whitespace-nowrap',
            'not-disabled:not-aria-disabled:hover:bg-hover disabled:opacity-50 aria-disabled:opacity-50 aria-pressed:bg-accent-soft aria-pressed:text-accent-text data-[state=open]:bg-hover',
            className,
          )}
        >
          {children}
        </button>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          side="bottom"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex max-w-72 flex-wrap items-center gap-x-2 rounded-md border border-line bg-raised px-2 py-1 text-xs shadow-float"
        >
          {label}
          {shortcut ? <span className="text-muted">{shortcut}</span> : null}
          {hint ? <span className="w-full text-muted">{hint}</span> : null}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}

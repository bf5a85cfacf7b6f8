import { clsx } from 'clsx'
import { type ComponentProps, useId } from 'react'

/** Labelled lines of exact text. */
export function TextArea({
  label,
  hint,
  className,
  ...rest
}: ComponentProps<'textarea'> & { label: string; hint?: string }) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <textarea
        id={id}
        spellCheck={false}
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...rest}
        className={clsx(
          'w-full resize-y rounded-md border border-line-strong bg-surface px-2.5 py-1.5 font-mono text-xs leading-5',
          'focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0',
          className,
        )}
      />
      {hint ? (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </p>
      ) : null}
    </div>
  )
}

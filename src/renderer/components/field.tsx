import { clsx } from 'clsx'
import { type ComponentProps, useId } from 'react'

/** A labelled line of input. `hint` stands under it. */
export function Field({
  label,
  hint,
  note,
  className,
  ...rest
}: ComponentProps<'input'> & { label: string; hint?: string; note?: string }) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="flex items-baseline justify-between font-medium">
        {label}
        {note ? <span className="text-xs font-normal text-muted">{note}</span> : null}
      </label>
      <input
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...rest}
        className={clsx(
          'h-8 w-full rounded-md border border-line-strong bg-surface px-2.5 text-sm disabled:opacity-60',
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

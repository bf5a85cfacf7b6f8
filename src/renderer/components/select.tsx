import { clsx } from 'clsx'
import { useId } from 'react'

/** One of many, by the system's own list, so that typing finds an entry. `hint` stands under it. */
export function Select<T extends string>({
  label,
  value,
  options,
  onChange,
  hint,
  isLabelHidden = false,
  className,
}: {
  label: string
  value: T
  options: readonly { readonly value: T; readonly label: string }[]
  onChange: (value: T) => void
  hint?: string
  isLabelHidden?: boolean
  className?: string
}) {
  const id = useId()
  return (
    <div className={clsx('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className={isLabelHidden ? 'sr-only' : 'font-medium'}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={event => {
          const chosen = options.find(option => option.value === event.target.value)
          if (chosen) onChange(chosen.value)
        }}
        className="h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2 text-sm focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0"
      >
        {options.map(option => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {hint ? (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </p>
      ) : null}
    </div>
  )
}

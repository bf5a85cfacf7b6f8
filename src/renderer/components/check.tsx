import { clsx } from 'clsx'

/** A box to tick, with its words and a line under them. */
export function Check({
  label,
  hint,
  isChecked,
  isDisabled = false,
  onChange,
  className,
}: {
  label: string
  hint?: string
  isChecked: boolean
  isDisabled?: boolean
  onChange: (isChecked: boolean) => void
  className?: string
}) {
  return (
    <label className={clsx('flex items-start gap-2', isDisabled && 'opacity-60', className)}>
      <input
        type="checkbox"
        checked={isChecked}
        disabled={isDisabled}
        onChange={event => onChange(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0">
        <span className="block">{label}</span>
        {hint ? <span className="block text-xs text-muted">{hint}</span> : null}
      </span>
    </label>
  )
}

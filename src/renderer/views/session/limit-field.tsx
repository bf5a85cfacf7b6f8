import { clsx } from 'clsx'
import { useId, useState } from 'react'
import { pictureStrings as strings } from './strings.ts'

/** A whole number that limits something, or nothing that doesn't. What isn't in the range is said and not used. */
export function LimitField(props: {
  label: string
  unit: string
  range: { readonly min: number; readonly max: number }
  value: number | undefined
  onChange: (value: number | undefined) => void
}) {
  const { label, unit, range, value, onChange } = props
  const id = useId()
  const [text, setText] = useState(value === undefined ? '' : String(value))
  const isWrong = text !== '' && limitOf(text, range) === undefined
  const use = () => {
    const limit = limitOf(text, range)
    if (!isWrong && limit !== value) onChange(limit)
  }
  return (
    <div className="flex flex-col gap-0.5">
      <div className="flex items-center justify-between gap-2">
        <label htmlFor={id} className="text-muted">
          {label}
        </label>
        <span className="flex items-center gap-1.5">
          <input
            id={id}
            inputMode="numeric"
            placeholder={strings.noLimit}
            value={text}
            aria-invalid={isWrong}
            aria-describedby={isWrong ? `${id}-range` : undefined}
            onChange={event => setText(event.target.value.trim())}
            onBlur={use}
            onKeyDown={event => {
              if (event.key === 'Enter') use()
            }}
            className={clsx(
              'h-6 w-16 rounded border bg-surface px-1.5 text-right tabular-nums focus-visible:outline-1 focus-visible:outline-offset-0',
              isWrong ? 'border-danger' : 'border-line-strong',
            )}
          />
          <span className="w-9 text-xs text-muted">{unit}</span>
        </span>
      </div>
      {isWrong ? (
        <p id={`${id}-range`} role="alert" className="text-right text-xs text-danger-text">
          {strings.range(range.min, range.max)}
        </p>
      ) : null}
    </div>
  )
}

function limitOf(text: string, { min, max }: { min: number; max: number }): number | undefined {
  if (!/^\d{1,9}$/.test(text)) return undefined
  const value = Number(text)
  return value >= min && value <= max ? value : undefined
}

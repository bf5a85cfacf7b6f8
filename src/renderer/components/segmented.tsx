import { RadioGroup } from 'radix-ui'
import type { ReactNode } from 'react'

export interface SegmentedOption<T extends string> {
  readonly value: T
  readonly label: ReactNode
  readonly hint?: string
}

/** One of a few, all of them in sight. Arrow keys move. */
export function Segmented<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: T
  options: readonly SegmentedOption<T>[]
  onChange: (value: T) => void
}) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={chosen => {
        const option = options.find(candidate => candidate.value === chosen)
        if (option) onChange(option.value)
      }}
      orientation="horizontal"
      className="inline-flex h-7 shrink-0 items-center rounded-md border border-line bg-bg p-px"
    >
      {options.map(option => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          title={option.hint}
          className="inline-flex h-6 items-center gap-1 rounded-[5px] px-2 text-xs text-muted hover:text-text data-[state=checked]:bg-raised data-[state=checked]:font-medium data-[state=checked]:text-text data-[state=checked]:shadow-[0_0_0_1px_var(--line)]"
        >
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}

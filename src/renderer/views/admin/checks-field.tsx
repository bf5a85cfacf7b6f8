import { clsx } from 'clsx'
import { Check } from '../../components/check.tsx'

/** Some of a few things, each with a box. */
export function ChecksField<Value extends string>(props: {
  label: string
  all: readonly Value[]
  words: Readonly<Record<Value, string>>
  chosen: readonly Value[]
  onChange: (chosen: readonly Value[]) => void
  columns?: 1 | 2
}) {
  const { label, all, words, chosen, onChange, columns = 1 } = props
  return (
    <fieldset className={clsx('grid gap-x-4 gap-y-1', columns === 2 && 'grid-cols-2')}>
      <legend className="mb-1 font-medium">{label}</legend>
      {all.map(value => (
        <Check
          key={value}
          label={words[value]}
          isChecked={chosen.includes(value)}
          onChange={isOn => onChange(all.filter(other => (other === value ? isOn : chosen.includes(other))))}
        />
      ))}
    </fieldset>
  )
}

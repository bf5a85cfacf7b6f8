import { Check } from '../../components/check.tsx'

/** Some of a few things, each with a box. */
export function ChecksField<Value extends string>(props: {
  label: string
  all: readonly Value[]
  words: Readonly<Record<Value, string>>
  chosen: readonly Value[]
  onChange: (chosen: readonly Value[]) => void
}) {
  const { label, all, words, chosen, onChange } = props
  return (
    <fieldset className="flex flex-col gap-1">
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

import type { ScriptParameter } from '#protocol/scripts/script.ts'
import { Field } from '../../../../components/field.tsx'
import { Select } from '../../../../components/select.tsx'

/** One value of a script, in the form that its kind takes. */
export function ParameterField({
  parameter: { label, kind },
  value,
  onChange,
}: {
  parameter: ScriptParameter
  value: string
  onChange: (value: string) => void
}) {
  if (kind.type === 'choice') {
    const options = kind.choices.map(choice => ({ value: choice, label: choice }))
    return <Select label={label} value={value} onChange={onChange} options={options} />
  }
  const limits = kind.type === 'number' ? { min: kind.min, max: kind.max } : { maxLength: kind.maxLength }
  return (
    <Field label={label} type={kind.type} value={value} {...limits} onChange={event => onChange(event.target.value)} />
  )
}

import { Field } from '../../components/field.tsx'

/** What somebody calls the thing that a dialog makes. */
export function NameField(props: {
  label: string
  hint: string
  note?: string
  value: string
  onChange: (value: string) => void
}) {
  const { onChange, note, ...rest } = props
  return (
    <Field
      {...rest}
      {...(note === undefined ? { required: true } : { note })}
      autoFocus
      maxLength={60}
      autoComplete="off"
      onChange={event => onChange(event.target.value)}
    />
  )
}

import { Field } from './field.tsx'

/** A labelled whole number, as it is typed. */
export function NumberField(props: {
  label: string
  min: number
  max: number
  value: string
  onChange: (value: string) => void
}) {
  const { onChange, ...rest } = props
  return <Field {...rest} type="number" required onChange={event => onChange(event.target.value)} />
}

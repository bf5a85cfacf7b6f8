import { Field } from '../../../components/field.tsx'
import type { Period } from './period.ts'

const strings = { from: 'From', to: 'To' }

/** The first and the last day of a list. */
export function PeriodFields({ period, onChange }: { period: Period; onChange: (period: Period) => void }) {
  return (
    <>
      <Field
        label={strings.from}
        type="date"
        max={period.to || undefined}
        value={period.from}
        onChange={event => onChange({ ...period, from: event.target.value })}
      />
      <Field
        label={strings.to}
        type="date"
        min={period.from || undefined}
        value={period.to}
        onChange={event => onChange({ ...period, to: event.target.value })}
      />
    </>
  )
}

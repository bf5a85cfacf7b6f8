import { type Hours, hoursSchema, WEEKDAYS } from '#protocol/policy/settings.ts'
import { Check } from '../../../components/check.tsx'
import { Field } from '../../../components/field.tsx'
import { Segmented } from '../../../components/segmented.tsx'
import { DAY_NAMES } from './setting-words.ts'
import { settingEditStrings as strings } from './strings.ts'

const DAYS: Hours['days'] = ['mon', 'tue', 'wed', 'thu', 'fri']
const officeHours = (): Hours => ({
  days: DAYS,
  from: '08:00',
  to: '18:00',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
})

/** When devices may be reached: always, or on some days from one time to another. */
export function HoursEditor({ value, onChange }: { value: unknown; onChange: (value: Hours | null) => void }) {
  const hours = value === null ? null : { ...officeHours(), ...(value as Partial<Hours>) }
  const zone = hoursSchema.shape.timeZone.safeParse(hours?.timeZone)
  return (
    <div className="flex flex-col gap-3">
      <div>
        <Segmented
          label={strings.source}
          value={hours ? 'hours' : 'always'}
          onChange={next => onChange(next === 'hours' ? officeHours() : null)}
          options={[
            { value: 'always', label: strings.always },
            { value: 'hours', label: strings.onlyHours },
          ]}
        />
      </div>
      {hours ? (
        <>
          <fieldset className="flex flex-wrap gap-x-4 gap-y-1">
            <legend className="mb-1 font-medium">{strings.days}</legend>
            {WEEKDAYS.map(day => (
              <Check
                key={day}
                label={DAY_NAMES[day]}
                isChecked={hours.days.includes(day)}
                onChange={isOn =>
                  onChange({
                    ...hours,
                    days: WEEKDAYS.filter(other => (other === day ? isOn : hours.days.includes(other))),
                  })
                }
              />
            ))}
          </fieldset>
          <div className="grid grid-cols-2 gap-3">
            <Field
              label={strings.from}
              type="time"
              required
              value={hours.from}
              onChange={event => onChange({ ...hours, from: event.target.value })}
            />
            <Field
              label={strings.to}
              type="time"
              required
              value={hours.to}
              onChange={event => onChange({ ...hours, to: event.target.value })}
            />
          </div>
          <Field
            label={strings.timeZone}
            hint={zone.success ? strings.timeZoneHint : (zone.error.issues[0]?.message ?? '')}
            aria-invalid={!zone.success}
            required
            maxLength={64}
            value={hours.timeZone}
            onChange={event => onChange({ ...hours, timeZone: event.target.value })}
          />
        </>
      ) : null}
    </div>
  )
}

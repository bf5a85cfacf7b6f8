import { assertNever } from '#protocol/assert-never.ts'
import { Check } from '../../../components/check.tsx'
import { Field } from '../../../components/field.tsx'
import { Select } from '../../../components/select.tsx'
import { HoursEditor } from './hours-editor.tsx'
import type { SettingWords } from './setting-words.ts'
import { settingEditStrings as strings } from './strings.ts'

/** The input for a value, by what kind it is. What it hands on is checked by the setting's own schema. */
export function SettingEditor({
  words: { kind, label },
  value,
  onChange,
}: {
  words: SettingWords
  value: unknown
  onChange: (value: unknown) => void
}) {
  switch (kind.kind) {
    case 'toggle':
      return (
        <Select
          label={label}
          value={value ? 'on' : 'off'}
          onChange={next => onChange(next === 'on')}
          options={[
            { value: 'on', label: 'On' },
            { value: 'off', label: 'Off' },
          ]}
        />
      )
    case 'choice':
      return <Select label={label} value={String(value)} onChange={onChange} options={kind.options} />
    case 'number':
      return (
        <Field
          label={kind.unit === 's' ? strings.seconds : strings.minutes}
          hint={strings.range(kind.min, kind.max)}
          type="number"
          min={kind.min}
          max={kind.max}
          required
          value={Number.isFinite(value) ? String(value) : ''}
          onChange={event => onChange(event.target.valueAsNumber)}
        />
      )
    case 'set': {
      const chosen: readonly unknown[] = Array.isArray(value) ? value : []
      return (
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 font-medium">{label}</legend>
          {kind.options.map(option => (
            <Check
              key={option.value}
              label={option.label}
              isChecked={chosen.includes(option.value)}
              onChange={isOn =>
                onChange(isOn ? [...chosen, option.value] : chosen.filter(other => other !== option.value))
              }
            />
          ))}
        </fieldset>
      )
    }
    case 'hours':
      return <HoursEditor value={value} onChange={onChange} />
    default:
      return assertNever(kind)
  }
}

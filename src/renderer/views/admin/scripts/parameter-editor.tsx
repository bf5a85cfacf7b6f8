import { Trash2 } from 'lucide-react'
import { Field } from '../../../components/field.tsx'
import { NumberField } from '../../../components/number-field.tsx'
import { Select } from '../../../components/select.tsx'
import { ToolButton } from '../../../components/tool-button.tsx'
import type { DraftParameter } from './draft-parameters.ts'
import { KIND_WORDS, libraryStrings as strings } from './strings.ts'
import { TextArea } from './text-area.tsx'

const KINDS = (['text', 'number', 'choice'] as const).map(value => ({ value, label: KIND_WORDS[value] }))

/** One parameter of a script that is being written. */
export function ParameterEditor(props: {
  draft: DraftParameter
  onChange: (draft: DraftParameter) => void
  onRemove: () => void
}) {
  const { draft, onChange, onRemove } = props
  const set = (change: Partial<DraftParameter>) => onChange({ ...draft, ...change })
  return (
    <li className="flex flex-col gap-2 rounded-md border border-line p-3">
      <div className="grid grid-cols-[1fr_1.4fr_1fr_auto] items-end gap-2">
        <Field
          label={strings.parameterName}
          className="font-mono"
          placeholder="PRINTER"
          maxLength={32}
          autoComplete="off"
          spellCheck={false}
          value={draft.name}
          onChange={event => set({ name: event.target.value.toUpperCase() })}
        />
        <Field
          label={strings.parameterLabel}
          maxLength={80}
          autoComplete="off"
          value={draft.label}
          onChange={event => set({ label: event.target.value })}
        />
        <Select label={strings.parameterKind} value={draft.type} options={KINDS} onChange={type => set({ type })} />
        <ToolButton label={strings.removeParameter(draft.name)} className="h-8 min-w-8" onClick={onRemove}>
          <Trash2 aria-hidden size={15} />
        </ToolButton>
      </div>
      {draft.type === 'text' ? (
        <NumberField
          label={strings.length}
          min={1}
          max={400}
          value={draft.maxLength}
          onChange={maxLength => set({ maxLength })}
        />
      ) : null}
      {draft.type === 'number' ? (
        <div className="grid grid-cols-2 gap-2">
          <Field
            label={strings.atLeast}
            type="number"
            value={draft.min}
            onChange={event => set({ min: event.target.value })}
          />
          <Field
            label={strings.atMost}
            type="number"
            value={draft.max}
            onChange={event => set({ max: event.target.value })}
          />
        </div>
      ) : null}
      {draft.type === 'choice' ? (
        <TextArea
          label={strings.choices}
          rows={3}
          value={draft.choices}
          onChange={event => set({ choices: event.target.value })}
        />
      ) : null}
    </li>
  )
}

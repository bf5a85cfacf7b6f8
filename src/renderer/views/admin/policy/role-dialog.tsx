import { useState } from 'react'
import { CAPABILITIES, type Capability } from '#protocol/policy/capabilities.ts'
import { Check } from '../../../components/check.tsx'
import { Field } from '../../../components/field.tsx'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { useAdmin } from '../admin-context.ts'
import { strings as common } from '../strings.ts'
import { useAct } from '../use-act.ts'
import { CAPABILITY_SECTIONS, CAPABILITY_WORDS } from './capability-words.ts'
import { roleStrings as strings } from './strings.ts'

/** A role as it is being written; without an id it is a new one. */
export interface RoleDraft {
  readonly id: string | null
  readonly name: string
  readonly capabilities: readonly Capability[]
}

export function RoleDialog({ draft, onClose, onDone }: { draft: RoleDraft; onClose: () => void; onDone: () => void }) {
  const { call } = useAdmin()
  const { isBusy, refusal, run } = useAct()
  const [name, setName] = useState(draft.name)
  const [chosen, setChosen] = useState<ReadonlySet<Capability>>(new Set(draft.capabilities))
  const toggle = (capability: Capability, isOn: boolean) => {
    const next = new Set(chosen)
    if (isOn) next.add(capability)
    else next.delete(capability)
    setChosen(next)
  }
  const submit = async () => {
    const role = { name: name.trim(), capabilities: CAPABILITIES.filter(capability => chosen.has(capability)) }
    const went = await run(async () => {
      if (draft.id === null) await call.createRole(role)
      else await call.changeRole({ roleId: draft.id, role })
      onDone()
    })
    if (went) onClose()
  }
  return (
    <FormDialog
      title={draft.id === null ? strings.createTitle : strings.editTitle(draft.name)}
      submit={draft.id === null ? strings.createSubmit : strings.editSubmit}
      busy={strings.saving}
      cancel={common.cancel}
      isBusy={isBusy}
      isReady={name.trim() !== ''}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={onClose}
      className="w-[640px]"
    >
      <Field
        label={strings.name}
        hint={strings.nameHint}
        autoFocus
        required
        maxLength={60}
        autoComplete="off"
        value={name}
        onChange={event => setName(event.target.value)}
      />
      <div className="grid grid-cols-2 gap-x-6 gap-y-4">
        {CAPABILITY_SECTIONS.map(section => (
          <fieldset key={section.title} className="flex flex-col gap-1">
            <legend className="mb-1 font-medium">{section.title}</legend>
            {section.capabilities.map(capability => (
              <Check
                key={capability}
                label={CAPABILITY_WORDS[capability]}
                isChecked={chosen.has(capability)}
                onChange={isOn => toggle(capability, isOn)}
              />
            ))}
          </fieldset>
        ))}
      </div>
    </FormDialog>
  )
}

import { useState } from 'react'
import { CAPABILITIES, type Capability } from '#protocol/policy/capabilities.ts'
import { ActDialog } from '../act-dialog.tsx'
import { useAdmin } from '../admin-context.ts'
import { ChecksField } from '../checks-field.tsx'
import { NameField } from '../name-field.tsx'
import { CAPABILITY_SECTIONS, CAPABILITY_WORDS } from './capability-words.ts'
import { roleStrings as strings } from './strings.ts'

/** A role as it is being written; without an id it is a new one. */
export interface RoleDraft {
  readonly id: string | null
  readonly name: string
  readonly capabilities: readonly Capability[]
}

export const NEW_ROLE: RoleDraft = { id: null, name: '', capabilities: ['view'] }

export function RoleDialog({ draft, onClose }: { draft: RoleDraft; onClose: () => void }) {
  const { call } = useAdmin()
  const [name, setName] = useState(draft.name)
  const [chosen, setChosen] = useState<readonly Capability[]>(draft.capabilities)
  const act = async () => {
    const role = { name: name.trim(), capabilities: CAPABILITIES.filter(capability => chosen.includes(capability)) }
    if (draft.id === null) await call.createRole(role)
    else await call.changeRole({ roleId: draft.id, role })
  }
  return (
    <ActDialog
      title={draft.id === null ? strings.createTitle : strings.editTitle(draft.name)}
      submit={draft.id === null ? strings.createSubmit : strings.editSubmit}
      busy={strings.saving}
      isReady={name.trim() !== ''}
      act={act}
      onClose={onClose}
      className="w-[640px]"
    >
      <NameField label={strings.name} hint={strings.nameHint} value={name} onChange={setName} />
      <div className="columns-2 gap-x-6">
        {CAPABILITY_SECTIONS.map(({ title, capabilities }) => (
          <div key={title} className="mb-4 break-inside-avoid">
            <ChecksField
              label={title}
              all={capabilities}
              words={CAPABILITY_WORDS}
              chosen={chosen}
              onChange={own => setChosen([...chosen.filter(other => !capabilities.includes(other)), ...own])}
            />
          </div>
        ))}
      </div>
    </ActDialog>
  )
}

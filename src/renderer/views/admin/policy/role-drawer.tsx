import { Check } from 'lucide-react'
import { useState } from 'react'
import type { RoleView } from '#protocol/policy/http.ts'
import { Button } from '../../../components/button.tsx'
import { Drawer, DrawerPart } from '../../../components/drawer.tsx'
import { strings as common } from '../strings.ts'
import { CAPABILITY_SECTIONS, CAPABILITY_WORDS } from './capability-words.ts'
import { RoleDialog, type RoleDraft } from './role-dialog.tsx'
import { RoleList } from './role-list.tsx'
import { roleStrings as strings } from './strings.ts'

export function RoleDrawer({
  role,
  onClose,
  onChanged,
  onDelete,
}: {
  role: RoleView
  onClose: () => void
  onChanged: () => void
  onDelete: () => void
}) {
  const { name, capabilities, builtIn } = role
  const [draft, setDraft] = useState<RoleDraft | null>(null)
  const stopEditing = () => {
    setDraft(null)
    onChanged()
  }
  return (
    <Drawer
      title={name}
      subtitle={builtIn ? strings.builtInNote : undefined}
      closeLabel={common.close}
      onClose={onClose}
      footer={
        <>
          {builtIn ? null : (
            <Button onClick={() => setDraft({ id: role.id, name, capabilities })}>{strings.edit}</Button>
          )}
          <Button onClick={() => setDraft({ id: null, name: strings.copyName(name), capabilities })}>
            {strings.copy}
          </Button>
          {builtIn ? null : (
            <Button className="text-danger-text" onClick={onDelete}>
              {strings.delete}
            </Button>
          )}
        </>
      }
    >
      <DrawerPart title={strings.rightsHeading}>
        {CAPABILITY_SECTIONS.map(section => {
          const own = section.capabilities.filter(capability => capabilities.includes(capability))
          if (own.length === 0) return null
          return (
            <div key={section.title}>
              <h4 className="text-xs text-muted">{section.title}</h4>
              <ul>
                {own.map(capability => (
                  <li key={capability} className="flex items-center gap-2">
                    <Check aria-hidden size={13} className="shrink-0 text-ok-text" />
                    {CAPABILITY_WORDS[capability]}
                  </li>
                ))}
              </ul>
            </div>
          )
        })}
      </DrawerPart>
      <DrawerPart title={strings.holdersHeading}>
        <RoleList about={{ kind: 'role', id: role.id, name }} empty={strings.holdersNone} />
      </DrawerPart>
      {draft ? <RoleDialog draft={draft} onClose={stopEditing} /> : null}
    </Drawer>
  )
}

import { useState } from 'react'
import { Segmented } from '../../../components/segmented.tsx'
import { Invitations } from './invitations.tsx'
import { Members } from './members.tsx'
import { strings } from './strings.ts'

type List = 'members' | 'invitations'

/** Who belongs to the organisation, and who is asked to. */
export function People() {
  const [list, setList] = useState<List>('members')
  const choice = (
    <div className="px-5 pb-3">
      <Segmented
        label={strings.listLabel}
        value={list}
        onChange={setList}
        options={[
          { value: 'members', label: strings.lists.members },
          { value: 'invitations', label: strings.lists.invitations },
        ]}
      />
    </div>
  )
  return list === 'members' ? <Members bar={choice} /> : <Invitations bar={choice} />
}

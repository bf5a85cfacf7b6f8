import { Users } from 'lucide-react'
import type { Company } from '#protocol/peer/company.ts'
import { Menu, MenuItem, MenuLine, MenuText } from '../../components/menu.tsx'
import { ToolButton } from '../../components/tool-button.tsx'
import type { PeerView } from '../../stores/peer-store.ts'
import { companyStrings as strings } from './strings.ts'

/** Who else is in the session and who has mouse and keyboard; whoever may, passes them on. */
export function CompanyMenu({ view, focusPicture }: { view: PeerView | undefined; focusPicture: () => void }) {
  const company = view?.company
  if (!company || company.length < 2) return null
  const other = company.find(({ isSelf }) => !isSelf)
  const [first] = company
  const self = company.find(({ isSelf }) => isSelf)
  return (
    <Menu
      focusAfter={focusPicture}
      trigger={
        <ToolButton label={strings.people(company.length)} hint={strings.hint}>
          <Users aria-hidden size={15} />
          {company.length}
        </ToolButton>
      }
    >
      {company.map(person => (
        <MenuText key={String(person.isSelf)}>
          <span className="text-text font-medium">
            {person.name}
            {person.isSelf ? ` (${strings.self})` : ''}
          </span>{' '}
          {stateOf(person)}
        </MenuText>
      ))}
      {self?.hasInput && other?.mayControl ? (
        <>
          <MenuLine />
          <MenuItem onSelect={() => view.peer.sendControl({ type: 'give-input' })}>{strings.give(other.name)}</MenuItem>
        </>
      ) : null}
      {first?.isSelf && first.mayControl && !first.hasInput ? (
        <>
          <MenuLine />
          <MenuItem onSelect={() => view.peer.sendControl({ type: 'take-input' })}>{strings.take}</MenuItem>
        </>
      ) : null}
    </Menu>
  )
}

const stateOf = ({ hasInput, mayControl }: Company[number]): string =>
  hasInput && mayControl ? strings.hasInput : mayControl ? strings.waits : strings.seesOnly

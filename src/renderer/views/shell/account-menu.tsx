import { CircleUser } from 'lucide-react'
import { Menu, MenuItem, MenuLine, MenuText } from '../../components/menu.tsx'
import { ToolButton } from '../../components/tool-button.tsx'
import { useApp, useReady } from '../app-context.ts'
import { strings } from './strings.ts'

export function AccountMenu() {
  const app = useApp()
  const auth = useReady(state => state.auth)
  const version = useReady(state => state.app.version)
  if (auth.name !== 'signed-in') return null
  return (
    <Menu
      align="end"
      trigger={
        <ToolButton label={strings.account} className="h-8 gap-1.5 px-2">
          <CircleUser aria-hidden size={15} />
          <span className="max-w-40 truncate">{auth.user.name}</span>
        </ToolButton>
      }
    >
      <MenuText>
        {strings.signedInAs(auth.user.email)}
        <br />
        {auth.organisation.name}
        <br />
        {auth.relayUrl}
      </MenuText>
      <MenuLine />
      <MenuItem onSelect={() => app.ui.setState({ dialog: { name: 'keys' } })}>{strings.keys}</MenuItem>
      {/* Main forgets its side of a sign-out even where the relay can't be told. */}
      <MenuItem onSelect={() => void app.signOut().catch(() => undefined)}>{strings.signOut}</MenuItem>
      <MenuLine />
      <MenuText>{strings.version(version)}</MenuText>
    </Menu>
  )
}

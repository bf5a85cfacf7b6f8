import { SendHorizontal } from 'lucide-react'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { ToolButton } from '../../components/tool-button.tsx'
import type { InputSender } from '../../session/input-sender.ts'
import { SPECIAL_KEYS } from '../../session/special-keys.ts'
import { liveStrings as strings } from './strings.ts'

export function SpecialKeysMenu(props: { isEnabled: boolean; sender: InputSender; focusPicture: () => void }) {
  return (
    <Menu
      focusAfter={props.focusPicture}
      trigger={
        <ToolButton label={strings.specialKeysHint} disabled={!props.isEnabled}>
          <SendHorizontal aria-hidden size={15} />
          {strings.specialKeys}
        </ToolButton>
      }
    >
      {SPECIAL_KEYS.map(({ label, codes }) => (
        <MenuItem key={label} onSelect={() => props.sender.chord(codes)}>
          {label}
        </MenuItem>
      ))}
    </Menu>
  )
}

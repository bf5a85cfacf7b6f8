import { MessageCirclePlus } from 'lucide-react'
import type { SessionTab } from '#ipc/operator.ts'
import { openFurther } from '#protocol/session/further.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { Menu, MenuItem, MenuText } from '../../components/menu.tsx'
import { ToolButton } from '../../components/tool-button.tsx'
import { useApp } from '../app-context.ts'
import { useAvailableTools } from '../devices/use-available-tools.ts'
import type { useTask } from '../use-task.ts'
import { furtherStrings as strings } from './strings.ts'

/** What the session doesn't have yet and the person could be asked for; without any there is no menu. */
export function MoreMenu(props: {
  tab: SessionTab
  scopes: readonly Scope[]
  isFirst: boolean
  run: ReturnType<typeof useTask>['run']
}) {
  const { tab, scopes, isFirst, run } = props
  const app = useApp()
  const { tools } = useAvailableTools(tab.deviceId)
  // Tools are for whoever was there first.
  const missing = (['control', ...(isFirst ? tools : [])] as const).filter(scope => !scopes.includes(scope))
  if (missing.length === 0 || tab.unattended) return null
  const isAsking = openFurther(tab.state) !== undefined
  const ask = (scope: Scope) => void run(() => app.askFurther(tab.ticket, wished(scope, scopes)))
  return (
    <Menu
      trigger={
        <ToolButton label={strings.menu} hint={strings.menuHint} disabled={isAsking || tab.state.name !== 'active'}>
          <MessageCirclePlus aria-hidden size={15} />
          {strings.menu}
        </ToolButton>
      }
    >
      {missing.map(scope => (
        <MenuItem key={scope} onSelect={() => ask(scope)}>
          {strings.names[scope]}
        </MenuItem>
      ))}
      <MenuText>{strings.menuHint}</MenuText>
    </Menu>
  )
}

/** A tool takes control too. */
const wished = (scope: Scope, held: readonly Scope[]): Scope[] =>
  scope === 'control' || held.includes('control') ? [scope] : ['control', scope]

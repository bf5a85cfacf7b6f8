import { SquareTerminal } from 'lucide-react'
import { mayUseTool, TOOLS, type Tool } from '#protocol/tools/tools.ts'
import { Menu, MenuChoice, MenuText } from '../../../components/menu.tsx'
import { ToolButton } from '../../../components/tool-button.tsx'
import { toolStrings as strings } from './strings.ts'

/** The tools that this session has; without one there is no menu. */
export function ToolsMenu(props: {
  scopes: readonly string[]
  shown: Tool | null
  onShow: (tool: Tool | null) => void
}) {
  const tools = TOOLS.filter(tool => mayUseTool(props.scopes, tool))
  if (tools.length === 0) return null
  return (
    <Menu
      trigger={
        <ToolButton label={strings.menu} hint={strings.menuHint} aria-pressed={props.shown !== null}>
          <SquareTerminal aria-hidden size={15} />
          {strings.menu}
        </ToolButton>
      }
      // The tool takes the focus when it is there.
      focusAfter={() => undefined}
    >
      <MenuChoice
        value={props.shown ?? ''}
        onChange={name => props.onShow(TOOLS.find(tool => tool === name) ?? null)}
        options={tools.map(tool => ({ value: tool as string, label: strings.names[tool], note: strings.notes[tool] }))}
      />
      <MenuText>{strings.menuHint}</MenuText>
    </Menu>
  )
}

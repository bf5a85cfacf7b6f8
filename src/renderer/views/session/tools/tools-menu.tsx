import { SquareTerminal } from 'lucide-react'
import { isShell, levelOf, mayUseTool, TOOLS, type Tool } from '#protocol/tools/tools.ts'
import { Menu, MenuChoice, MenuText } from '../../../components/menu.tsx'
import { ToolButton } from '../../../components/tool-button.tsx'
import { toolStrings as strings } from './strings.ts'

interface Choice {
  readonly value: string
  readonly tool: Tool
  readonly isReplaying: boolean
  readonly label: string
  readonly note: string
}

const valueOfChoice = (tool: Tool, isReplaying: boolean): string => (isReplaying ? `recordings of ${tool}` : tool)

/** The tools, and below them the recordings of the shells among them: these are looked at under the same right, without a shell. */
function choicesOf(tools: readonly Tool[]): readonly Choice[] {
  const choice = (tool: Tool, isReplaying: boolean, label: string) => ({
    ...{ value: valueOfChoice(tool, isReplaying), tool, isReplaying, label },
    note: strings.notes[tool],
  })
  return [
    ...tools.map(tool => choice(tool, false, strings.names[tool])),
    ...tools.filter(isShell).map(tool => choice(tool, true, strings.recordings[levelOf(tool)])),
  ]
}

/** The tools that this session has; without one there is no menu. */
export function ToolsMenu(props: {
  scopes: readonly string[]
  shown: Tool | null
  isReplaying: boolean
  onShow: (tool: Tool, isReplaying: boolean) => void
}) {
  const tools = TOOLS.filter(tool => mayUseTool(props.scopes, tool))
  if (tools.length === 0) return null
  const choices = choicesOf(tools)
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
        value={props.shown === null ? '' : valueOfChoice(props.shown, props.isReplaying)}
        onChange={value => {
          const chosen = choices.find(choice => choice.value === value)
          if (chosen) props.onShow(chosen.tool, chosen.isReplaying)
        }}
        options={choices}
      />
      <MenuText>{strings.menuHint}</MenuText>
    </Menu>
  )
}

import { Eye } from 'lucide-react'
import { ToolButton } from '../../components/tool-button.tsx'
import { useApp, useReady } from '../app-context.ts'
import { strings } from './strings.ts'

/** In the window's head as long as a colleague's tool wants this person to look. */
export function WatchesButton() {
  const app = useApp()
  const count = useReady(state => state.watches.length)
  if (count === 0) return null
  return (
    <ToolButton
      label={strings.buttonHint}
      className="h-8 gap-1.5 px-2 text-warn-text"
      onClick={() => app.ui.setState({ dialog: { name: 'watches' } })}
    >
      <Eye aria-hidden size={15} />
      <span role="status">{strings.button(count)}</span>
    </ToolButton>
  )
}

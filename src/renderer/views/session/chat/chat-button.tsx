import { MessageSquare } from 'lucide-react'
import type { SessionTab } from '#ipc/operator.ts'
import { ToolButton } from '../../../components/tool-button.tsx'
import { setPreferences } from '../../../stores/ui-store.ts'
import { useApp, useChat, usePreferences } from '../../app-context.ts'
import { chatStrings as strings } from './strings.ts'

/** Opens the chat, and says how much of it nobody has read. */
export function ChatButton({ tab: { ticket, withoutChat } }: { tab: SessionTab }) {
  const app = useApp()
  const { isChatOpen } = usePreferences(ticket)
  const unread = useChat(ticket)?.unread ?? 0
  return (
    <ToolButton
      label={unread > 0 ? strings.unread(unread) : strings.button}
      hint={withoutChat ? strings.without : strings.buttonHint}
      aria-pressed={isChatOpen && !withoutChat}
      // It keeps the focus and its hint, which say why.
      aria-disabled={withoutChat}
      onClick={() => !withoutChat && setPreferences(app.ui, ticket, { isChatOpen: !isChatOpen })}
    >
      <MessageSquare aria-hidden size={15} />
      {unread > 0 ? (
        <span className="rounded-full bg-accent px-1.5 text-xs font-medium text-on-accent">{unread}</span>
      ) : null}
    </ToolButton>
  )
}

import { useChat } from '../../app-context.ts'
import { ChatLogList } from './chat-log.tsx'
import { chatStrings as strings } from './strings.ts'

/** What was written in a session that is over; nothing where nobody wrote. */
export function KeptChat({ ticket }: { ticket: string }) {
  const entries = useChat(ticket)?.entries ?? []
  if (entries.length === 0) return null
  return (
    <section aria-label={strings.kept} className="flex max-h-72 flex-col gap-2 overflow-auto border-t border-line pt-3">
      <h2 className="text-xs font-medium text-muted">{strings.kept}</h2>
      <ChatLogList entries={entries} />
    </section>
  )
}

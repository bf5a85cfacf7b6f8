import { Send, X } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { SessionTab } from '#ipc/operator.ts'
import { CHAT_TEXT_MAX } from '#protocol/limits.ts'
import { Button } from '../../../components/button.tsx'
import { ToolButton } from '../../../components/tool-button.tsx'
import { setPreferences } from '../../../stores/ui-store.ts'
import { useApp, useChat } from '../../app-context.ts'
import { ChatLogList } from './chat-log.tsx'
import { chatStrings as strings } from './strings.ts'
import { useTyping } from './use-typing.ts'

/** Beside the picture: what was written, and a line to write. */
export function ChatPanel({ tab, isShown }: { tab: SessionTab; isShown: boolean }) {
  const app = useApp()
  const chat = useChat(tab.ticket)
  const [text, setText] = useState('')
  const [isFull, setFull] = useState(false)
  const end = useRef<HTMLDivElement>(null)
  const tellTyping = useTyping(tab.ticket)
  const count = chat?.entries.length ?? 0
  const unread = chat?.unread ?? 0

  useEffect(() => {
    if (isShown && unread > 0) app.readChat(tab.ticket)
  }, [app, isShown, unread, tab.ticket])
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows what is new
  useEffect(() => {
    // Newer browsers answer with a promise, which isn't what an effect may return.
    void end.current?.scrollIntoView({ block: 'end' })
  }, [count, chat?.isTyping])

  const send = (event: FormEvent) => {
    event.preventDefault()
    const words = text.trim()
    if (words === '') return
    tellTyping(false)
    if (app.say(tab.ticket, words)) setText('')
    else setFull(true)
  }
  return (
    <aside
      aria-label={strings.title(tab.deviceName)}
      className="flex w-72 shrink-0 flex-col border-l border-line bg-surface"
    >
      <header className="flex h-9 shrink-0 items-center justify-between pr-1.5 pl-3">
        <h2 className="truncate font-semibold">{strings.title(tab.deviceName)}</h2>
        <ToolButton label={strings.close} onClick={() => setPreferences(app.ui, tab.ticket, { isChatOpen: false })}>
          <X aria-hidden size={15} />
        </ToolButton>
      </header>
      <div role="log" aria-live="polite" className="min-h-0 flex-1 overflow-auto px-3 pb-2">
        {count === 0 ? (
          <p className="pt-2 text-muted">
            {strings.empty} {strings.emptyHint}
          </p>
        ) : (
          <ChatLogList entries={chat?.entries ?? []} />
        )}
        <div ref={end} />
      </div>
      <p role="status" className="min-h-5 px-3 text-xs text-muted">
        {isFull ? strings.full : chat?.isTyping ? strings.typing : ''}
      </p>
      <form onSubmit={send} className="flex gap-2 border-t border-line p-3">
        <input
          aria-label={strings.write}
          placeholder={strings.write}
          maxLength={CHAT_TEXT_MAX}
          value={text}
          onChange={event => {
            setText(event.target.value)
            tellTyping(event.target.value !== '')
          }}
          className="h-8 min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-2.5 text-sm focus-visible:border-accent"
        />
        <Button type="submit" tone="primary" aria-label={strings.send} disabled={text.trim() === ''}>
          <Send aria-hidden size={15} />
        </Button>
      </form>
    </aside>
  )
}

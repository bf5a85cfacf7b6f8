import { clsx } from 'clsx'
import { CHAT_LOST_AFTER_MS } from '#protocol/limits.ts'
import type { ChatEntry } from '#protocol/peer/chat-log.ts'
import { useNow } from '../../../components/use-now.ts'
import { chatStrings as strings } from './strings.ts'

/** What was written, the oldest first. A link is text like all the rest: nobody follows it by accident. */
export function ChatLogList({ entries }: { entries: readonly ChatEntry[] }) {
  return (
    <ol className="flex flex-col gap-2">
      {entries.map(entry => (
        <li
          key={`${entry.isOwn} ${entry.id}`}
          className={clsx(
            'max-w-[90%] rounded-md border border-line px-2.5 py-1.5',
            entry.isOwn ? 'self-end' : 'bg-bg',
          )}
        >
          <p className="text-xs text-muted">
            {entry.isOwn ? strings.you : strings.person} ·{' '}
            <time dateTime={new Date(entry.atMs).toISOString()} title={new Date(entry.atMs).toLocaleString()}>
              {new Date(entry.atMs).toLocaleTimeString(undefined, { timeStyle: 'short' })}
            </time>
          </p>
          <p data-selectable className="break-words whitespace-pre-wrap">
            {entry.text}
          </p>
          {entry.isOwn ? <Delivery entry={entry} /> : null}
        </li>
      ))}
    </ol>
  )
}

function Delivery({ entry: { isReceived, atMs } }: { entry: ChatEntry }) {
  const now = useNow(1_000, !isReceived)
  const words = isReceived ? strings.delivered : now - atMs < CHAT_LOST_AFTER_MS ? strings.sending : strings.lost
  return <p className="text-xs text-muted">{words}</p>
}

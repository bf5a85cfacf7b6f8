import { Trash2 } from 'lucide-react'
import { type FormEvent, useCallback, useId, useState } from 'react'
import { Button } from '../../../../components/button.tsx'
import { Notice } from '../../../../components/notice.tsx'
import { Ago } from '../../../../components/times.tsx'
import { ToolButton } from '../../../../components/tool-button.tsx'
import { Waiting } from '../../../../components/waiting.tsx'
import { usePages } from '../../../use-pages.ts'
import { useAdmin } from '../../admin-context.ts'
import { ConfirmDialog, type Question } from '../../confirm-dialog.tsx'
import { MoreButton } from '../../more-button.tsx'
import { useAct } from '../../use-act.ts'
import { strings } from './record-strings.ts'

const NOTE_MAX = 2_000

/** What people wrote down about the device, the newest first. */
export function DeviceNotes({ deviceId }: { deviceId: string }) {
  const { call } = useAdmin()
  const [question, setQuestion] = useState<Question | null>(null)
  const pages = usePages(
    useCallback(
      async (cursor: string | undefined) => {
        const { notes, nextCursor } = await call.deviceNotes({ deviceId, cursor })
        return { rows: notes, nextCursor }
      },
      [call, deviceId],
    ),
  )
  const { state, reload } = pages
  const askToRemove = (noteId: string, author: string) =>
    setQuestion({
      ...strings.notes.removal(author),
      act: async () => {
        await call.removeDeviceNote({ deviceId, noteId })
        await reload()
      },
    })
  return (
    <div className="flex flex-col gap-4">
      <NewNote
        add={async text => {
          await call.addDeviceNote({ deviceId, text })
          await reload()
        }}
      />
      {state.name === 'loading' ? <Waiting words={strings.notes.loading} /> : null}
      {state.name === 'failed' ? <Notice tone="danger">{state.refusal.message}</Notice> : null}
      {state.name === 'ready' && state.value.length === 0 ? (
        <p className="text-muted">{strings.notes.nothing}</p>
      ) : null}
      <ul aria-label={strings.notes.list} className="flex flex-col">
        {(state.name === 'ready' ? state.value : []).map(({ id, author, atMs, text }) => (
          <li key={id} className="flex items-start gap-2 border-b border-line py-2 last:border-0">
            <div data-selectable className="min-w-0 flex-1">
              <p className="break-words whitespace-pre-line">{text}</p>
              <p className="truncate text-xs text-muted">
                {author}, <Ago atMs={atMs} />
              </p>
            </div>
            <ToolButton label={strings.notes.remove(author)} onClick={() => askToRemove(id, author)}>
              <Trash2 aria-hidden size={14} />
            </ToolButton>
          </li>
        ))}
      </ul>
      <MoreButton pages={pages} />
      {question ? <ConfirmDialog question={question} onClose={() => setQuestion(null)} /> : null}
    </div>
  )
}

function NewNote({ add }: { add: (text: string) => Promise<void> }) {
  const [text, setText] = useState('')
  const { isBusy, refusal, run } = useAct()
  const id = useId()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (await run(() => add(text.trim()))) setText('')
  }
  return (
    <form onSubmit={event => void submit(event)} aria-busy={isBusy} className="flex flex-col gap-2">
      <label htmlFor={id} className="font-medium">
        {strings.notes.label}
      </label>
      <textarea
        id={id}
        value={text}
        rows={3}
        maxLength={NOTE_MAX}
        aria-describedby={`${id}-hint`}
        onChange={event => setText(event.target.value)}
        className="w-full resize-none rounded-md border border-line-strong bg-surface px-2.5 py-1.5 text-sm focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0"
      />
      <div className="flex items-start justify-between gap-3">
        <p id={`${id}-hint`} className="text-xs text-muted">
          {strings.notes.hint}
        </p>
        <Button type="submit" isSmall disabled={isBusy || text.trim() === ''}>
          {isBusy ? strings.notes.adding : strings.notes.add}
        </Button>
      </div>
      {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
    </form>
  )
}

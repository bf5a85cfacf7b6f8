import { type FormEvent, useId, useState } from 'react'
import type { SessionTab } from '#ipc/operator.ts'
import { SESSION_NOTE_MAX } from '#protocol/session/note.ts'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { Moment } from '../../components/times.tsx'
import { useApp } from '../app-context.ts'
import { useTask } from '../use-task.ts'
import { noteStrings as strings } from './strings.ts'

/** What came of the session, in its operator's words, kept with it. */
export function SessionNote({ tab }: { tab: SessionTab }) {
  const app = useApp()
  const id = useId()
  const { isBusy, refusal, run } = useTask()
  const kept = tab.note?.text ?? ''
  const [text, setText] = useState(kept)
  const isKept = text.trim() === kept
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(() => app.noteSession(tab.ticket, text.trim()))
  }
  return (
    <form onSubmit={submit} aria-busy={isBusy} className="flex flex-col gap-2 border-line border-t pt-4">
      <label htmlFor={id} className="font-medium">
        {strings.label}
      </label>
      <textarea
        id={id}
        rows={3}
        maxLength={SESSION_NOTE_MAX}
        aria-describedby={`${id}-hint`}
        value={text}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit()
        }}
        className="w-full resize-none rounded-md border border-line-strong bg-surface px-2.5 py-1.5 text-sm focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0"
      />
      <p id={`${id}-hint`} className="text-xs text-muted">
        {strings.hint}
      </p>
      {refusal ? <Notice tone="danger">{refusal.message}</Notice> : null}
      <div className="flex items-center gap-3">
        <Button type="submit" disabled={isBusy || isKept}>
          {isBusy ? strings.saving : strings.save}
        </Button>
        <span role="status" className="text-xs text-muted">
          {tab.note && isKept ? (
            <>
              {strings.saved} <Moment atMs={tab.note.changedAtMs} />
            </>
          ) : null}
        </span>
      </div>
    </form>
  )
}

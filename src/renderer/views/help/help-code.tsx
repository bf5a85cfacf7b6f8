import { type FormEvent, useId, useState } from 'react'
import type { HelpTaken } from '#protocol/help/http.ts'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { useApp } from '../app-context.ts'
import { useTask } from '../use-task.ts'
import { strings } from './strings.ts'

const DIGITS = 9

/** Where the operator types what somebody reads to them on the telephone. */
export function HelpCode({ onTaken }: { onTaken: (taken: HelpTaken) => void }) {
  const app = useApp()
  const id = useId()
  const [text, setText] = useState('')
  const { isBusy, refusal, run, clear } = useTask()
  const isWhole = text.replace(/\D/g, '').length === DIGITS
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => {
      const taken = await app.redeemHelpCode(text)
      setText('')
      onTaken(taken)
    })
  }
  return (
    <form onSubmit={submit} aria-busy={isBusy} className="relative flex items-center gap-1.5">
      <label htmlFor={id} className="text-muted">
        {strings.code}
      </label>
      <input
        id={id}
        value={text}
        inputMode="numeric"
        autoComplete="off"
        spellCheck={false}
        maxLength={15}
        placeholder="123 456 789"
        title={strings.codeHint}
        aria-invalid={refusal ? true : undefined}
        onChange={event => {
          clear()
          setText(grouped(event.target.value))
        }}
        className="h-8 w-28 rounded-md border border-line-strong bg-surface px-2 text-sm tabular-nums focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-danger"
      />
      <Button type="submit" disabled={isBusy || !isWhole}>
        {isBusy ? strings.opening : strings.open}
      </Button>
      {refusal ? (
        <div className="absolute top-10 right-0 z-10 w-80 rounded-md bg-raised shadow-float">
          <Notice tone="danger">{refusal.message}</Notice>
        </div>
      ) : null}
    </form>
  )
}

/** As it is read out, in threes. */
const grouped = (text: string) =>
  text
    .replace(/\D/g, '')
    .slice(0, DIGITS)
    .replace(/(\d{3})(?=\d)/g, '$1 ')

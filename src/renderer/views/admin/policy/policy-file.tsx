import { useCallback, useEffect, useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Notice } from '../../../components/notice.tsx'
import { FailedPage, LoadingPage } from '../../page-states.tsx'
import { loadedOf, useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { useAct } from '../use-act.ts'
import { Differences } from './differences.tsx'
import { fileStrings as strings } from './file-strings.ts'

/** The whole policy as one document: save it, change it, see what would follow, apply it. */
export function PolicyFile() {
  const { call } = useAdmin()
  const { state, reload } = useLoaded(useCallback(() => call.policyFile(undefined), [call]))
  const stored = loadedOf(state)
  const [text, setText] = useState('')
  const [differences, setDifferences] = useState<readonly string[] | null>(null)
  const [note, setNote] = useState<string | null>(null)
  const { isBusy, refusal, run, clear } = useAct()
  useEffect(() => {
    if (stored !== undefined) setText(stored)
  }, [stored])
  const edit = (next: string) => {
    setText(next)
    // What was compared is no longer what would be applied.
    setDifferences(null)
    setNote(null)
    clear()
  }
  const compare = () =>
    run(async () => {
      setNote(null)
      setDifferences((await call.applyPolicyFile({ yaml: text, dryRun: true })).differences)
    })
  const apply = () =>
    run(async () => {
      const { differences: done } = await call.applyPolicyFile({ yaml: text, dryRun: false })
      setDifferences(null)
      setNote(strings.applied(done.length))
      await reload()
    })
  const save = () =>
    run(async () => {
      const file = await call.saveText({ suggestedName: 'handhold-policy.yaml', text })
      if (file) setNote(strings.saved(file.name))
    })
  if (state.name === 'loading') return <LoadingPage words={strings.loading} />
  if (state.name === 'failed') return <FailedPage message={state.refusal.message} onRetry={() => void reload()} />
  const isChanged = text !== stored
  return (
    <section aria-label={strings.title} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <header className="flex items-center gap-2 px-5 pt-4 pb-3">
        <div className="min-w-0 flex-1">
          <h1 className="text-lg font-semibold">{strings.title}</h1>
          <p className="text-muted">{strings.lead}</p>
        </div>
        {isChanged ? <Button onClick={() => edit(stored ?? '')}>{strings.undo}</Button> : null}
        <Button disabled={isBusy} onClick={() => void save()}>
          {strings.save}
        </Button>
        <Button tone="primary" disabled={isBusy || !isChanged} onClick={() => void compare()}>
          {isBusy ? strings.busy : strings.compare}
        </Button>
      </header>
      {refusal ? (
        <Notice tone="danger" className="mx-5 mb-3">
          {refusal}
        </Notice>
      ) : null}
      {note ? (
        <Notice tone="info" className="mx-5 mb-3">
          {note}
        </Notice>
      ) : null}
      <div className="flex min-h-0 flex-1 border-t border-line">
        <textarea
          aria-label={strings.document}
          spellCheck={false}
          value={text}
          onChange={event => edit(event.target.value)}
          className="min-w-0 flex-1 resize-none bg-surface px-5 py-3 font-mono text-xs leading-5 focus-visible:outline-offset-[-2px]"
        />
        {differences ? <Differences lines={differences} isBusy={isBusy} onApply={() => void apply()} /> : null}
      </div>
    </section>
  )
}

import { useCallback } from 'react'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { Notice } from '../../../components/notice.tsx'
import { Waiting } from '../../../components/waiting.tsx'
import { useReady } from '../../app-context.ts'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { strings as common } from '../strings.ts'
import { phrase, strings } from './strings.ts'

/** The key in 24 words, for paper. A click beside it doesn't close it. */
export function PhraseDialog({ onClose }: { onClose: () => void }) {
  const { call } = useAdmin()
  const auth = useReady(state => state.auth)
  const { state } = useLoaded(useCallback(() => call.organisationPhrase(undefined), [call]))
  const organisation = auth.name === 'signed-in' ? auth.organisation.name : ''
  return (
    <Dialog title={phrase.title} onClose={() => undefined} className="w-[640px]">
      <Notice tone="warn">{phrase.warning}</Notice>
      {state.name === 'loading' ? <Waiting words={strings.loading} /> : null}
      {state.name === 'failed' ? <Notice tone="danger">{state.refusal.message}</Notice> : null}
      {state.name === 'ready' ? (
        <div className="printed mt-3">
          <p className="hidden print:block">{phrase.heading(organisation)}</p>
          <ol className="grid list-inside list-decimal grid-cols-4 gap-x-4 gap-y-1 font-mono">
            {state.value.words.map((word, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same word may stand twice, and the list never changes
              <li key={index}>{word}</li>
            ))}
          </ol>
        </div>
      ) : null}
      <div className="mt-5 flex justify-end gap-2">
        <Button disabled={state.name !== 'ready'} onClick={() => window.print()}>
          {phrase.print}
        </Button>
        <Button tone="primary" onClick={onClose}>
          {common.done}
        </Button>
      </div>
    </Dialog>
  )
}

import type { ReactNode } from 'react'
import { FormDialog } from '../../components/form-dialog.tsx'
import { strings } from './strings.ts'
import { useAct } from './use-act.ts'

export interface Question {
  readonly title: string
  readonly text: ReactNode
  readonly submit: string
  readonly busy: string
  readonly act: () => Promise<unknown>
}

/** Asks before something that can't be taken back. The title names its object. */
export function ConfirmDialog({ question, onClose }: { question: Question; onClose: () => void }) {
  const { isBusy, refusal, run } = useAct()
  const submit = async () => {
    const went = await run(async () => void (await question.act()))
    if (went) onClose()
  }
  return (
    <FormDialog
      title={question.title}
      submit={question.submit}
      busy={question.busy}
      cancel={strings.cancel}
      isDanger
      isBusy={isBusy}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <div className="text-muted">{question.text}</div>
    </FormDialog>
  )
}

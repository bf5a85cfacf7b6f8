import type { ReactNode } from 'react'
import { ActDialog } from './act-dialog.tsx'

export interface Question {
  readonly title: string
  readonly text: ReactNode
  readonly submit: string
  readonly busy: string
  readonly act: () => Promise<unknown>
}

/** Asks before something that can't be taken back. The title names its object. */
export function ConfirmDialog({ question, onClose }: { question: Question; onClose: () => void }) {
  // Whatever comes back of it: this question has no form that could stay.
  const act = async () => void (await question.act())
  return (
    <ActDialog
      title={question.title}
      submit={question.submit}
      busy={question.busy}
      isDanger
      act={act}
      onClose={onClose}
    >
      <div className="text-muted">{question.text}</div>
    </ActDialog>
  )
}

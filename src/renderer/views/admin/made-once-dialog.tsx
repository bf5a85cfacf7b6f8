import { type ReactNode, useState } from 'react'
import { FormDialog } from '../../components/form-dialog.tsx'
import { strings } from './strings.ts'
import { useAct } from './use-act.ts'

interface MadeOnceDialogProps<Body, Made> {
  readonly words: { readonly createTitle: string; readonly submit: string; readonly busy: string }
  /** What the fields say, once it is something that the relay would take. */
  readonly body: { readonly success: true; readonly data: Body } | { readonly success: false }
  readonly make: (body: Body) => Promise<Made>
  /** What was made, with a secret that the relay shows this once. */
  readonly shown: (made: Made) => ReactNode
  readonly onClose: () => void
  readonly children: ReactNode
  readonly className?: string
}

/** Fields that make something; then, in their place, what came of it. */
export function MadeOnceDialog<Body, Made>(props: MadeOnceDialogProps<Body, Made>) {
  const { words, body, make, shown, onClose, children, className } = props
  const { isBusy, refusal, run } = useAct()
  const [made, setMade] = useState<{ readonly of: Made } | null>(null)
  if (made) return shown(made.of)
  return (
    <FormDialog
      title={words.createTitle}
      submit={words.submit}
      busy={words.busy}
      cancel={strings.cancel}
      isBusy={isBusy}
      isReady={body.success}
      refusal={refusal}
      onSubmit={() => {
        if (body.success) void run(async () => setMade({ of: await make(body.data) }))
      }}
      onClose={onClose}
      {...(className ? { className } : {})}
    >
      {children}
    </FormDialog>
  )
}

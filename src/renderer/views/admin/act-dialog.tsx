import type { ComponentProps } from 'react'
import { FormDialog } from '../../components/form-dialog.tsx'
import { strings } from './strings.ts'
import { useAct } from './use-act.ts'

interface ActDialogProps extends Omit<ComponentProps<typeof FormDialog>, 'cancel' | 'isBusy' | 'refusal' | 'onSubmit'> {
  /** What the form is for. Resolves with false where nothing came of it and the form stays. */
  readonly act: () => Promise<unknown>
}

/** A form for one act of administration: it closes when that went well and says why it did not. */
export function ActDialog({ act, ...form }: ActDialogProps) {
  const { isBusy, refusal, run } = useAct()
  const submit = () =>
    run(async () => {
      if ((await act()) !== false) form.onClose()
    })
  return (
    <FormDialog {...form} cancel={strings.cancel} isBusy={isBusy} refusal={refusal} onSubmit={() => void submit()} />
  )
}

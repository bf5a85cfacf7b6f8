import type { FormEvent, ReactNode } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Notice } from './notice.tsx'

/** A dialog that does one thing. It stays open, with the reason, while the thing is refused. */
export function FormDialog({
  title,
  submit,
  busy,
  cancel,
  isDanger = false,
  isBusy,
  isReady = true,
  refusal,
  onSubmit,
  onClose,
  children,
  className,
}: {
  title: string
  submit: string
  /** What the button says while it happens. */
  busy: string
  cancel: string
  isDanger?: boolean
  isBusy: boolean
  isReady?: boolean
  refusal: string | null
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
  className?: string
}) {
  const handle = (event: FormEvent) => {
    event.preventDefault()
    if (isReady && !isBusy) onSubmit()
  }
  return (
    <Dialog title={title} onClose={onClose} {...(className ? { className } : {})}>
      <form onSubmit={handle} aria-busy={isBusy} className="flex flex-col gap-4">
        {children}
        {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
        <div className="mt-1 flex justify-end gap-2">
          <Button onClick={onClose}>{cancel}</Button>
          <Button type="submit" tone={isDanger ? 'danger' : 'primary'} disabled={isBusy || !isReady}>
            {isBusy ? busy : submit}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

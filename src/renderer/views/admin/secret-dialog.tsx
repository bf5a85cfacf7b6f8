import type { ReactNode } from 'react'
import { Button } from '../../components/button.tsx'
import { Command } from '../../components/command.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Notice } from '../../components/notice.tsx'
import { strings } from './strings.ts'

/** Something that is shown once, to be handed on. A click beside it doesn't close it. */
export function SecretDialog({
  title,
  secret,
  warning,
  children,
  onClose,
}: {
  title: string
  secret: string
  warning: string
  children?: ReactNode
  onClose: () => void
}) {
  return (
    <Dialog title={title} onClose={() => undefined} className="w-[600px]">
      <Notice tone="warn">{warning}</Notice>
      <Command text={secret} copyLabel={strings.copy} copiedLabel={strings.copied} byHandLabel={strings.copyByHand} />
      {children}
      <div className="mt-5 flex justify-end">
        <Button tone="primary" onClick={onClose}>
          {strings.done}
        </Button>
      </div>
    </Dialog>
  )
}

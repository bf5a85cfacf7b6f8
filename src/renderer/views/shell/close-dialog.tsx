import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Notice } from '../../components/notice.tsx'
import { useApp, useTab } from '../app-context.ts'
import { useTask } from '../use-task.ts'
import { closeStrings as strings } from './strings.ts'

export function CloseDialog({ ticket }: { ticket: string }) {
  const app = useApp()
  const tab = useTab(ticket)
  const { isBusy, refusal, run } = useTask()
  const close = () => app.ui.setState({ dialog: null })
  const device = tab?.deviceName ?? ''
  const end = () =>
    run(async () => {
      await app.closeTab(ticket)
      close()
    })
  return (
    <Dialog title={strings.title(device)} onClose={close} className="w-[420px]">
      <p className="mb-5 text-muted">{strings.text}</p>
      {refusal ? (
        <Notice tone="danger" className="mb-4">
          {refusal.message}
        </Notice>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={close}>{strings.keep}</Button>
        <Button tone="danger" disabled={isBusy} onClick={() => void end()}>
          {isBusy ? strings.ending : strings.end}
        </Button>
      </div>
    </Dialog>
  )
}

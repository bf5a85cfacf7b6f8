import { useState } from 'react'
import type { SessionTab } from '#ipc/operator.ts'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { useApp } from '../app-context.ts'
import { useTask } from '../use-task.ts'
import { receiptStrings as strings } from './strings.ts'

/** What the device signed about this session, and a button to keep it. */
export function SaveReceipt({ tab }: { tab: SessionTab }) {
  const app = useApp()
  const { isBusy, refusal, run } = useTask()
  const [path, setPath] = useState<string | null>(null)
  if (tab.receipt === 'none') return null
  if (tab.receipt === 'broken') return <Notice tone="danger">{strings.broken}</Notice>
  return (
    <div className="flex flex-col gap-2 border-line border-t pt-4">
      <p className="text-muted">{tab.receipt === 'whole' ? strings.whole : strings.some}</p>
      {refusal ? <Notice tone="danger">{refusal.message}</Notice> : null}
      {path === null ? (
        <div>
          <Button disabled={isBusy} onClick={() => void run(async () => setPath(await app.saveReceipt(tab.ticket)))}>
            {isBusy ? strings.saving : strings.save}
          </Button>
        </div>
      ) : (
        <p role="status" data-selectable className="break-all">
          {strings.saved(path)}
        </p>
      )}
    </div>
  )
}

import { useState } from 'react'
import { Button } from '../../../../components/button.tsx'
import { Notice } from '../../../../components/notice.tsx'
import { useAdmin } from '../../admin-context.ts'
import { useAct } from '../../use-act.ts'
import { strings } from './record-strings.ts'

/** Asks devices near one that is off to wake it, and says how many did. */
export function WakeDevice({ deviceId }: { deviceId: string }) {
  const { call } = useAdmin()
  const { isBusy, refusal, run } = useAct()
  const [answer, setAnswer] = useState<string | null>(null)
  const wake = () =>
    run(async () => {
      setAnswer(null)
      const { online, neighbours } = await call.wakeDevice({ deviceId })
      setAnswer(online ? strings.awake : strings.woken(neighbours))
    })
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-3">
        <Button isSmall disabled={isBusy} onClick={() => void wake()}>
          {isBusy ? strings.waking : strings.wake}
        </Button>
        <p className="text-xs text-muted">{strings.wakeHint}</p>
      </div>
      {answer ? <Notice tone="info">{answer}</Notice> : null}
      {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
    </div>
  )
}

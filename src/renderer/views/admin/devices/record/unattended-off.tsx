import { useCallback } from 'react'
import { Button } from '../../../../components/button.tsx'
import { Notice } from '../../../../components/notice.tsx'
import { loadedOf, useLoaded } from '../../../use-loaded.ts'
import { useAdmin } from '../../admin-context.ts'
import { useAct } from '../../use-act.ts'
import { strings } from './record-strings.ts'

/** Where wrong passwords have shut a device for sessions without a person: says so, and opens it again. Else nothing. */
export function UnattendedOff({ deviceId }: { deviceId: string }) {
  const { call } = useAdmin()
  const { state, reload } = useLoaded(useCallback(() => call.deviceAccess({ deviceId }), [call, deviceId]))
  const { isBusy, refusal, run } = useAct()
  const allow = () =>
    run(async () => {
      await call.allowUnattended({ deviceId })
      await reload()
    })
  if (!loadedOf(state)?.unattendedOff) return null
  return (
    <div className="flex flex-col gap-2">
      <Notice
        tone="warn"
        action={
          <Button isSmall disabled={isBusy} onClick={() => void allow()}>
            {isBusy ? strings.allowing : strings.allowUnattended}
          </Button>
        }
      >
        {strings.unattendedOff}
      </Notice>
      {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
    </div>
  )
}

import { useCallback } from 'react'
import { Button } from '../../../components/button.tsx'
import { DrawerPart } from '../../../components/drawer.tsx'
import { Notice } from '../../../components/notice.tsx'
import { Ago } from '../../../components/times.tsx'
import { loadedOf, useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { useAct } from '../use-act.ts'
import { strings } from './strings.ts'

/** The person's own sign-ins, each of which they can end but the one that they are using. */
export function OwnSignIns() {
  const { call } = useAdmin()
  const { state, reload } = useLoaded(
    useCallback(async () => (await call.ownSignIns(undefined)).operatorSessions, [call]),
  )
  const { refusal, run } = useAct()
  const end = (loginId: string) =>
    run(async () => {
      await call.endOwnSignIn({ loginId })
      await reload()
    })
  return (
    <DrawerPart title={strings.ownSignIns}>
      {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
      <ul className="flex flex-col">
        {loadedOf(state)?.map(login => (
          <li key={login.id} className="flex items-center gap-2 border-b border-line py-1.5 last:border-0">
            <div className="min-w-0 flex-1">
              <div className="truncate" title={login.client}>
                {login.client || login.method}
              </div>
              <div className="truncate text-xs text-muted">
                {login.address} · {login.current ? strings.thisOne : <Ago atMs={login.lastSeenAtMs} />}
              </div>
            </div>
            {login.current ? null : (
              <Button isSmall onClick={() => void end(login.id)}>
                {strings.end}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </DrawerPart>
  )
}

import { useCallback } from 'react'
import { FailedPage, LoadingPage } from '../../page-states.tsx'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { RetentionPart } from './retention-part.tsx'
import { SsoPart } from './sso-part.tsx'
import { strings } from './strings.ts'

/** What holds for the organisation as a whole: how its people sign in, and how long things are kept. */
export function Organisation() {
  const { call } = useAdmin()
  const load = useCallback(
    async () => ({ sso: await call.singleSignOn(undefined), retention: await call.retention(undefined) }),
    [call],
  )
  const { state, reload } = useLoaded(load)
  if (state.name === 'loading') return <LoadingPage words={strings.loading} />
  if (state.name === 'failed') return <FailedPage message={state.refusal.message} onRetry={() => void reload()} />
  const { sso, retention } = state.value
  return (
    <section aria-label={strings.title} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <h1 className="px-5 pt-4 pb-3 text-lg font-semibold">{strings.title}</h1>
      <div className="flex min-h-0 flex-1 flex-wrap content-start gap-x-12 gap-y-8 overflow-y-auto border-t border-line bg-surface px-5 py-4">
        <SsoPart sso={sso} onChanged={reload} />
        <RetentionPart retention={retention} onChanged={reload} />
      </div>
    </section>
  )
}

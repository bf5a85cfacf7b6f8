import { BadgeCheck } from 'lucide-react'
import { Button } from '../../../components/button.tsx'
import { Notice } from '../../../components/notice.tsx'
import { Centred } from '../../page-states.tsx'
import { useAdmin } from '../admin-context.ts'
import { useAct } from '../use-act.ts'
import { noKey, strings } from './strings.ts'

/** Before there is a key: what it is for, and the two ways to one. */
export function NoKey({ onRestore, onMade }: { onRestore: () => void; onMade: () => Promise<void> }) {
  const { call } = useAdmin()
  const { isBusy, refusal, run } = useAct()
  const make = () =>
    run(async () => {
      await call.makeOrganisationKey(undefined)
      await onMade()
    })
  return (
    <section aria-label={strings.title} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <h1 className="px-5 pt-4 pb-3 text-lg font-semibold">{strings.title}</h1>
      <Centred icon={<BadgeCheck aria-hidden size={28} />} title={noKey.title}>
        <p className="text-muted">{noKey.text}</p>
        {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
        <div className="flex gap-2">
          <Button tone="primary" disabled={isBusy} onClick={() => void make()}>
            {isBusy ? noKey.making : noKey.make}
          </Button>
          <Button disabled={isBusy} onClick={onRestore}>
            {noKey.restore}
          </Button>
        </div>
      </Centred>
    </section>
  )
}
